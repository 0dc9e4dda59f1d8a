/** A dialog above the page: closed by its button, Escape or a press beside it; then the keyboard is where it was. */

/** @param {import("../types").KnownContext} context @returns {import("../types").SocialContext["sheet"]} */
export function sheets({ h, button, root, t, signal }) {
  let made = 0;
  return (title, inside, closed) => {
    const before = /** @type {HTMLElement | null} */ (root.activeElement);
    const id = `cw-sheet-${++made}`;
    /** @type {() => void} */
    const close = () => el.close();
    const head = h("header", { class: "head" }, h("h3", { id }, title), button("×", "close", close, { "aria-label": t("list.close") }));
    /** Where a press began: one that begins inside and ends beside it marks text, and closes nothing. @type {EventTarget | null} */
    let from = null;
    const el = h(
      "dialog",
      {
        ...{ class: "sheet", part: "dialog", "aria-labelledby": id },
        pointerdown: (/** @type {Event} */ event) => (from = event.target),
        click: (/** @type {Event} */ event) => event.target === el && from === el && close(),
        close() {
          el.remove();
          if (before?.isConnected) before.focus({ preventScroll: true });
          closed?.();
        },
      },
      h("div", { class: "leaf" }, head, ...inside),
    );
    signal.addEventListener("abort", () => el.remove());
    /** @type {HTMLElement} */ (root.querySelector(".cw")).appendChild(el);
    el.showModal();
    return { el, close };
  };
}
