/** The composer's chunk, for those who turn to the box: writing, answering, changing, and in whose name. */
import { bench } from "./bench.js";
import { composer } from "./composer.js";
import { drafts as openDrafts } from "./drafts.js";
import { editor } from "./edit.js";
import { identity } from "./identity.js";
import * as left from "./left.js";
import { tickets } from "./ticket.js";

/** What every box has, in the order in which it comes. */
const TOOLS = [left];

/** @typedef {import("../types").Held} Held */
/** @typedef {import("../types").View} View */

/**
 * @param {import("../types").KnownContext} context
 * @returns {import("../types").Writer}
 */
export function attach(context) {
  const { site, thread, put, t, h, clear, guard, say, emit, jwk, own, sessions, kept, use, reveal } = context;
  t.add(CW_WRITE_WORDS);
  context.style(CW_WRITE_CSS);
  const drafts = openDrafts(context);
  const { equip, add } = bench(context, TOOLS);
  // The box works without them, and does not wait.
  guard(() =>
    context.chunk(CW_TOOLS, (tools) => {
      tools.open(context);
      add(tools);
    }),
  )();
  const ticket = tickets(context);
  if (!sessions.current() || sessions.current()?.user.guest) ticket.prepare();
  /** @type {Set<ReturnType<typeof composer>>} */
  const boxes = new Set();

  /** @param {import("../types").Guest} guest @param {string} from the box whose press it is */
  async function become(guest, from) {
    const key = await jwk();
    /** @type {Held} */
    const held = await drafts.send(`guest:${from}`, JSON.stringify(guest), "POST", "session", () => ({ site: site.key, guest, jwk: key }));
    sessions.add(held);
    return held;
  }

  /**
   * @param {object} place
   * @param {HTMLFormElement} place.form
   * @param {HTMLTextAreaElement} place.text
   * @param {string} place.box
   * @param {string} [place.parent]
   * @param {() => void} [place.cancel]
   * @param {() => void} [place.done]
   */
  function box(place) {
    const who = identity(context, (guest) => become(guest, place.box));
    const made = composer(context, {
      ...{ drafts, equip, who, become, ticket },
      ...place,
      posted({ comment, thread: news }) {
        own.remember(comment);
        place.done?.();
        const view = put(comment);
        thread.update(news);
        reveal(view, "fresh");
        const waits = comment.state === "pending";
        const words = waits ? `${t("list.pending")} ${t(`write.waits_${comment.waits}`)}` : t("write.posted");
        const notice = waits && view.el.querySelector(":scope > article > [part=notice]");
        if (notice) clear(notice, words);
        say(words);
        emit("posted", { comment, count: news.count });
        return view;
      },
    });
    boxes.add(made);
    return made;
  }

  /** @param {ReturnType<typeof composer>} made */
  function leave(made) {
    boxes.delete(made);
    made.leave();
  }

  /** @param {View} view @param {boolean} [focus] */
  function reply(view, focus = true) {
    const name = `reply:${view.data.id}`;
    const standing = view.below.querySelector("textarea");
    if (standing) return standing.focus();
    const to = t("list.reply_to", { name: view.data.author?.name || "" });
    const text = h("textarea", { id: `cw-${view.data.id}`, part: "textarea", rows: 3, placeholder: to });
    const form = h(
      "form",
      { class: "composer reply-box", part: "composer reply-composer", novalidate: true, submit: (/** @type {Event} */ event) => event.preventDefault() },
      h("label", { for: text.id, class: "unseen" }, to),
      text,
    );
    clear(view.below, form);
    view.el.classList.add("answering");
    const close = () => {
      leave(made);
      clear(view.below);
      view.el.classList.remove("answering");
    };
    const cancel = () => {
      // What was written stays, for a second thought, but does not open by itself again.
      drafts.put(name, text.value ? { open: false } : null);
      close();
      /** @type {HTMLElement | null} */ (view.actions.querySelector(".reply"))?.focus();
    };
    const made = box({ form, text, box: name, parent: view.data.id, cancel, done: close });
    if (focus) {
      drafts.put(name, { open: true });
      text.focus();
    }
  }

  /** @param {View} view @param {string} words */
  function quote(view, words) {
    const active = context.root.activeElement;
    if (active?.localName !== "textarea") reply(view);
    const into = /** @type {HTMLTextAreaElement | null} */ (active?.localName === "textarea" ? active : view.below.querySelector("textarea"));
    if (!into || into.readOnly) return;
    const { value, selectionEnd: at } = into;
    const gap = at && !/\n\n$/.test(value.slice(0, at)) ? "\n\n" : "";
    const lines = `${gap}${words.replace(/^/gm, "> ").replace(/[ \t]+$/gm, "")}\n\n`;
    into.focus();
    into.setSelectionRange(at, at);
    if (document.execCommand?.("insertText", false, lines)) return;
    into.setRangeText(lines, at, at, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const root = box({ form: context.form, text: context.text, box: "root" });
  use({
    // Answers that were being written when the page was left.
    arrived() {
      const all = kept();
      for (const one of boxes) if (!one.who.el.isConnected) leave(one);
      for (const view of thread.views.values()) {
        const draft = all[`reply:${view.data.id}`];
        if (draft?.open && draft.text && !view.below.firstChild) reply(view, false);
      }
    },
    speaker(user) {
      for (const one of boxes) {
        one.who.changed();
        one.wake(!!user);
      }
    },
  });
  return { reply, quote, ...editor(context, { drafts, equip, ended: (why) => root.who.open(why, true) }) };
}
