/** What the menu of a comment offers, and to whom. */

/** @typedef {import("../types").View} View */

/** What people are on this site besides visitors, by the token that was asked with. @type {Map<string, string | undefined>} */
const roles = new Map();

/**
 * @param {import("../types").SocialContext} context
 * @param {Pick<import("../types").Social, "menu" | "flag" | "history"> & {hide(view: View): void, open(path: string): Promise<any>}} kit
 * @param {View} view @param {HTMLElement} opener @param {boolean} last whether the last of it has the focus
 */
export function about({ t, h, say, guard, config, sessions, ask, store, thread, put, reveal, flagged, social, sheet }, { menu, flag, history, hide, open }, view, opener, last) {
  const { id, author, edited, pinned, parent } = view.data;
  const held = sessions.current();
  const own = held?.user.id === author?.id;
  /** What goes wrong is told at the comment. @param {() => unknown} work */
  const tried = (work) => () => social(view.actions, work);

  async function copy() {
    const link = `${config.url}#comment-${id}`;
    try {
      await navigator.clipboard.writeText(link);
      say(t("list.copied"));
      return t("list.copied");
    } catch {
      // Where the clipboard is denied the address can still be picked up by hand.
      const field = h("input", { readonly: true, dir: "ltr", "aria-label": t("list.copy") });
      field.value = link;
      sheet(t("list.copy"), [field]);
      field.select();
    }
  }

  async function pin() {
    if (!held) return;
    const answer = await ask(`comments/${id}/pin`, { method: pinned ? "DELETE" : "PUT", key: store.random(24), held });
    for (const { data } of [...thread.views.values()]) {
      const first = data.id === answer.pinned;
      if (first !== !!data.pinned) put({ ...data, pinned: first || undefined });
    }
    if (pinned) return;
    thread.list.insertBefore(view.el, thread.list.firstChild);
    reveal(view, "fresh");
  }

  const add = menu(
    opener,
    t("list.menu"),
    [
      { words: t("list.copy"), act: copy, stays: true },
      edited && { words: t("list.history"), act: tried(() => history(view)) },
      !own && { words: t(flagged.has(id) ? "flag.yours" : "flag.open"), act: tried(() => flag(view)) },
      !own && author && { words: t("list.hide", { name: author.name }), act: () => hide(view) },
    ],
    last,
  );
  if (!add || !held || held.user.guest) return;
  /** Behind the others, so that nothing moves under a finger. @param {string | undefined} role */
  const offer = (role) => {
    if (!role) return;
    if (!parent) add({ words: t(pinned ? "list.unpin" : "list.pin"), act: tried(pin) });
    guard(async () => (await open(CW_MODERATE))(view, add, own))();
  };
  const { token } = held;
  if (roles.has(token)) return offer(roles.get(token));
  guard(async () => {
    roles.set(token, (await ask("session", { held })).role);
    offer(roles.get(token));
  })();
}
