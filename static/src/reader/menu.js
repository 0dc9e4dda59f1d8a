/** "…": what else one may do with a comment. The button is here, what it opens comes when it is pressed. */

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, button, slot, exact, social, store, base, signal }) {
  /** Comments that the speaker has reported. @type {Set<string>} */
  const flagged = new Set();
  /** Those whom this reader has hidden, in another tab too, go as soon as may be. */
  const look = () => void (store.read(`hide|${base}`) && social(null, () => {}));
  look();
  store.follow(`hide|${base}`, look, signal);
  return {
    visit(view) {
      const { author, edited, state } = view.data;
      const { actions } = view;
      slot(view, "edited", author && edited && button(t("list.edited"), "edited", () => social(actions, (chunk) => chunk.history(view)), { class: "quiet edited", title: exact(edited) }));
      if (!author || state === "pending" || actions.querySelector(".menu")) return;
      const open = (/** @type {boolean} */ last) => social(actions, (chunk) => chunk.more(view, dots, last));
      const keydown = (/** @type {KeyboardEvent} */ event) => {
        if (!/^Arrow[UD]/.test(event.key)) return;
        event.preventDefault();
        open(event.key === "ArrowUp");
      };
      const dots = button("…", "menu", () => open(false), { "aria-label": t("list.menu"), "aria-haspopup": "menu", keydown });
      slot(view, "menu", dots);
    },
    mine(answer) {
      flagged.clear();
      answer?.flagged?.forEach((id) => flagged.add(id));
    },
    gives: { flagged },
  };
}
