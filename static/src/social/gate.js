/** Before a press that needs somebody: the tray, in a dialog of its own. A sign-in may lead over another page: what was to be
 * reported is kept for the way back. */

/**
 * @param {import("../types").KnownContext} context
 * @param {import("../types").SocialContext["sheet"]} sheet
 * @param {number} patience milliseconds in which a sign-in still leads to what was wanted
 * @returns {{enter: import("../types").Social["enter"], wished(): string | null}}
 */
export function gate(context, sheet, patience) {
  const { t, h, door, site, sessions, ask, jwk, store, shelf, use } = context;
  const wish = `flag|${shelf}`;
  /** Looks whether somebody came meanwhile, also in another tab. @type {(() => void) | null} */
  let look = null;
  use({ speaker: () => look?.() });

  /** @type {import("../types").Social["enter"]} */
  const enter = async (why, accounts = false, id) => {
    const { tray: make } = await door();
    if (id) store.write(wish, { id, at: Date.now() });
    return new Promise((done) => {
      const here = () => {
        const user = sessions.current()?.user;
        return !!user && !(accounts && user.guest);
      };
      /** @param {import("../types").Guest} guest */
      async function become(guest) {
        const held = await ask("session", { method: "POST", body: { site: site.key, guest, jwk: await jwk() }, key: store.random(24) });
        sessions.add(held);
      }
      const tray = make({ accounts, become, done: () => close() });
      tray.show(why);
      let busy = false;
      async function go(/** @type {Event} */ event) {
        event.preventDefault();
        const guest = tray.guest();
        if (!guest.name) return void tray.blame({ code: "guest.name_missing" });
        if (busy) return;
        busy = true;
        try {
          await become(guest);
          close();
        } catch (problem) {
          if (!tray.blame(problem)) tray.show(t.error(problem));
        }
        busy = false;
      }
      const guests = site.guests && !accounts && !sessions.current();
      const form = h("form", { novalidate: true, submit: go }, tray.el, guests && h("p", { class: "row" }, h("button", { type: "submit", class: "submit", part: "submit" }, t("sign.go"))));
      const { el, close } = sheet(t("sign.who"), [form], () => {
        look = null;
        tray.stop();
        store.write(wish, null);
        done(here());
      });
      look = () => here() && close();
      /** @type {HTMLElement | null} */ (el.querySelector(".tray :is(button, input)"))?.focus();
    });
  };
  return {
    enter,
    /** The comment that was to be reported before the page was left; it can be had once. */
    wished() {
      const kept = store.read(wish);
      store.write(wish, null);
      return kept && sessions.current() && Date.now() - kept.at < patience ? kept.id : null;
    },
  };
}
