/** The answers to a comment can be put away, by a button or by their line; where nesting ends, the conversation can be read on its own. */

/** @typedef {import("../types").View} View */

/** Clicks so near to the beginning of a list of answers are meant for its line, in pixels. */
const LINE = 20;

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ root, t, button, thread, guard, slot, alone, signal }) {
  /** Those below the last level stand in the list of its answers. @param {View} view */
  const flat = (view) => view.kids === view.parent?.kids;
  /** @param {View} view @returns {HTMLElement | null} */
  const handle = (view) => view.el.querySelector(":scope > article > .fold");

  /** @param {View} view @param {boolean} shut */
  function turn(view, shut) {
    const name = view.data.author?.name || "…";
    const n = Math.max(view.data.replies || 0, view.kids.querySelectorAll("li").length);
    const words = shut ? t("list.expand", { n, name }) : t("list.collapse", { name });
    const mine = handle(view);
    view.el.classList.toggle("shut", shut);
    if (!mine) return;
    mine.textContent = shut ? words : "";
    mine.title = shut ? "" : words;
    mine.setAttribute("aria-label", words);
    mine.setAttribute("aria-expanded", String(!shut));
  }
  /** @param {View} view */
  const toggle = (view) => turn(view, !view.el.classList.contains("shut"));

  /** @param {View} view who has an answer */
  function equip(view) {
    if (!handle(view)) view.actions.parentNode?.insertBefore(button("", "fold", () => toggle(view)), view.actions.nextSibling);
    turn(view, view.el.classList.contains("shut"));
  }

  root.addEventListener(
    "click",
    guard((event) => {
      const kids = /** @type {HTMLElement} */ (event.target);
      const view = kids.matches(".kids") && thread.views.get(/** @type {HTMLElement} */ (kids.parentNode).dataset.id || "");
      if (!view) return;
      const { left, right } = kids.getBoundingClientRect();
      const x = /** @type {MouseEvent} */ (event).clientX;
      if ((kids.matches(":dir(rtl)") ? right - x : x - left) > LINE) return;
      toggle(view);
      handle(view)?.focus();
    }),
    { signal },
  );
  return {
    visit(view) {
      const { parent } = view;
      if (!flat(view) && view.kids.firstChild) equip(view);
      if (!parent) return;
      if (!flat(view)) equip(parent);
      else if (!flat(parent) && !parent.actions.querySelector(".continue") && parent.data.author)
        slot(parent, "continue", button(t("list.continue"), "continue", () => alone?.(parent.data.id)));
    },
    gives: {
      unfold(view) {
        for (let above = view.parent; above; above = above.parent) if (above.el.classList.contains("shut")) turn(above, false);
      },
    },
  };
}
