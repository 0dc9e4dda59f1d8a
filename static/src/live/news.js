/** What is new, sorted out: changes of what is shown are shown, new comments wait until the reader wants to see them. */
import { still } from "./still.js";

/** @typedef {import("../types").View} View */
/** @typedef {import("../types").Comment} Comment */

/** What of a comment is seen. @param {Comment} data */
const face = ({ author, body, edited, state, kind }) => JSON.stringify([author, body, edited, state, kind]);

/**
 * @param {import("../types").KnownContext} context
 * @param {() => void} changed others wait now
 */
export function news({ el, root, t, h, thread, drop }, changed) {
  const { views } = thread;
  /** Those that wait, by id; a deleted one among them if it came back with an answer to it. @type {Map<string, Comment>} */
  const waiting = new Map();

  /** It goes; what the reader writes there stays. @param {View} view */
  function remove(view) {
    const writing = view.el.querySelector("form");
    if (writing && view.below.firstChild && !view.below.querySelector("[part=gone]")) view.below.insertBefore(h("p", { class: "note", part: "gone", role: "status" }, t("list.gone")), view.below.firstChild);
    if (writing) {
      const { id, parent, time, replies } = view.data;
      thread.show({ id, parent, time, replies, state: "deleted" }, view.parent);
      return;
    }
    const held = view.el.contains(root.activeElement);
    const next = view.parent?.el || view.el.nextElementSibling;
    drop(view);
    if (!held || view.el.isConnected || !next) return;
    /** @type {HTMLElement} */ (next).tabIndex = -1;
    /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  }

  /** @param {Comment} data @param {View} view */
  function change(data, view) {
    if (data.state === "deleted" && view.data.author && view.el.querySelector("form")) return remove(view);
    if (face(data) !== face(view.data)) return void thread.show(data, view.parent);
    // Counts alone: the rest stays as it is, and so does the keyboard.
    view.data = { ...view.data, ...data, reactions: data.reactions, pinned: data.pinned };
    thread.tell((one) => one.visit?.(view));
  }

  /** @param {import("../types").Page} page */
  function apply({ comments, gone = [], thread: info }) {
    const { count, open, title } = thread.info;
    still(el, views.values(), () => {
      for (const data of [...comments].sort((a, b) => a.time.localeCompare(b.time))) {
        const view = views.get(data.id);
        if (view) change(data, view);
        else if (data.new || waiting.has(data.id)) waiting.set(data.id, data);
      }
      const lost = gone.map((id) => (waiting.delete(id), views.get(id))).filter((view) => !!view);
      for (const view of lost.sort((a, b) => b.depth - a.depth)) remove(view);
      if (info.count !== count || info.open !== open || info.title !== title) thread.update(info);
      else {
        Object.assign(thread.info, info);
        thread.tell((one) => one.updated?.(info));
      }
    });
    changed();
  }

  /** Those that wait, the earliest first, by the shown comment under which they will stand; null: the list itself. */
  function groups() {
    /** @type {Map<View | null, Comment[]>} */
    const found = new Map();
    for (const data of waiting.values()) {
      let top = data;
      while (waiting.has(top.parent || "")) top = /** @type {Comment} */ (waiting.get(top.parent || ""));
      const above = top.parent ? views.get(top.parent) : null;
      // Where neither the list nor what it answers is shown, it has no place.
      if (above === undefined || (!above && thread.alone)) continue;
      found.set(above, [...(found.get(above) || []), data]);
    }
    for (const [above, all] of found) if (!all.some((one) => one.author)) found.delete(above);
    return found;
  }

  return { apply, groups, waiting };
}
