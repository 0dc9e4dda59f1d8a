/** "Show more": the next page of comments, or of a comment's answers. */

/**
 * The button stands aside while it works, and says beside itself why it could not. The keyboard goes on in what has come.
 * @param {import("../types").ReaderContext} context
 * @param {HTMLElement} box with the button and the place for a trouble
 * @param {() => Promise<unknown>} bring fetches and shows it
 */
export async function more({ thread, t, clear, say }, box, bring) {
  const [button, trouble] = /** @type {[HTMLButtonElement, HTMLElement]} */ (/** @type {unknown} */ ([...box.children]));
  const before = thread.views.size;
  button.disabled = true;
  clear(trouble);
  try {
    await bring();
  } catch (problem) {
    button.disabled = false;
    return clear(trouble, t.error(problem));
  }
  box.remove();
  if (thread.views.size === before) return;
  say(t("list.arrived", { n: thread.views.size - before }));
  const first = [...thread.views.values()][before];
  first.el.tabIndex = -1;
  first.el.focus({ preventScroll: true });
}
