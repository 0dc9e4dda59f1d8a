/** Words that are chosen in a comment can be quoted in an answer: a button beside them says so. */

/** @typedef {import("../types").View} View */

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, button, root, thread, signal, guard, write }) {
  /** @type {View | null} */
  let of = null;
  let words = "";
  const gone = () => void one.parentNode?.removeChild(one);
  const one = button(
    t("tool.quote_this"),
    "quote",
    async () => {
      const [view, said] = [of, words];
      gone();
      if (view) (await write()).quote(view, said);
    },
    // What is chosen stays chosen, and the box that is written in keeps the keyboard.
    { mousedown: (/** @type {Event} */ event) => event.preventDefault() },
  );

  /** What is chosen in here: each family of browsers tells it in its own way. @returns {[AbstractRange | undefined, string]} */
  function chosen() {
    const all = /** @type {any} */ ((/** @type {any} */ (root)).getSelection?.() || document.getSelection());
    if (!all) return [undefined, ""];
    const within = root.contains(all.anchorNode);
    const range = within ? all.rangeCount && all.getRangeAt(0) : all.getComposedRanges?.({ shadowRoots: [root] })[0];
    return [range || undefined, String(all).trim()];
  }

  const look = guard(() => {
    if (root.activeElement === one) return;
    const [range, said] = chosen();
    of = null;
    if (range && !range.collapsed) {
      for (const view of thread.views.values()) {
        if (view.body.contains(range.startContainer) && view.body.contains(range.endContainer) && view.actions.querySelector(".reply")) of = view;
      }
    }
    const live = document.createRange();
    if (of && range) {
      live.setStart(range.startContainer, range.startOffset);
      live.setEnd(range.endContainer, range.endOffset);
      words = said || String(live).trim();
    }
    if (!of || !words) return gone();
    const article = /** @type {HTMLElement} */ (of.body.parentNode);
    if (one.previousSibling !== of.body) article.insertBefore(one, of.body.nextSibling);
    const [at, frame] = [live.getBoundingClientRect(), article.getBoundingClientRect()];
    // Below, where a phone's own menu is not.
    one.style.top = `${at.bottom - frame.top + 6}px`;
    one.style.left = `${Math.max(0, Math.min(at.left - frame.left, frame.width - one.offsetWidth))}px`;
  });
  document.addEventListener("selectionchange", look, { signal });
  return {};
}
