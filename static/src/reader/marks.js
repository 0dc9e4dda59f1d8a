/** Beside a name what somebody is on this site, and on the comment that stands first that it was put there. */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ t, h, slot }) {
  const ROLES = { owner: t("list.owner"), moderator: t("list.moderator") };
  return {
    visit(view) {
      const { author, pinned } = view.data;
      if (!author) return;
      const role = author.role && ROLES[author.role];
      slot(view, "badge", role && h("span", { class: "via", part: "badge" }, role));
      slot(view, "mark", pinned && h("span", { class: "via", part: "pinned" }, t("list.pinned")));
    },
  };
}
