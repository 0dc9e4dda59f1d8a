/** Second in the composer: "You are commenting as NAME via PROVIDER (Log out / Change)", or the tray, fetched when it is wanted. */

/**
 * @param {import("../types").KnownContext} context
 * @param {(guest: import("../types").Guest) => Promise<unknown>} become open a guest session
 */
export function identity({ t, h, clear, button, guard, portrait, base, say, about, sessions, door, logout, via }, become) {
  const el = h("div", { class: "identity", part: "identity" });
  /** @type {import("../types").Tray | null} */
  let tray = null;
  /** The tray is shown although somebody speaks. */
  let asks = false;

  function line(/** @type {import("../types").User} */ user) {
    const from = via(user.provider);
    const name = h("bdi", { class: "name", part: "identity-name" }, user.name);
    const provider = from && h("span", { class: "from", part: "identity-provider" }, ...from);
    const out = button(t("sign.logout"), "logout", async () => {
      const left = logout();
      await open("", true);
      return left;
    });
    const change = button(t("sign.change"), "change", () => open("", true));
    const words = t.rich(from ? "sign.as_via" : "sign.as", { name, provider, logout: out, change });
    const account = about.account && !user.guest && h("a", { href: new URL("account", base).href, target: "_blank", rel: "noopener", part: "account" }, t("sign.account"));
    return h("div", { class: "line" }, portrait(user), h("p", {}, ...words, account && " · ", account));
  }

  function draw() {
    const user = sessions.current()?.user;
    clear(el, user && !asks ? line(user) : tray?.el);
  }

  /** The tray when nobody speaks, or the line. It is there when the promise ends, or says itself why not. */
  async function wake() {
    // What stands there stays: a field that is taken out and put back has lost its focus.
    if ((sessions.current() && !asks) || (tray && el.contains(tray.el))) return;
    try {
      if (!tray) {
        const { tray: make } = await door();
        tray ??= make({ become, done: close });
      }
      draw();
    } catch (problem) {
      console.warn("comment-widget:", problem);
      const again = button(t("list.retry"), "retry", wake);
      clear(el, h("p", { class: "error", role: "alert" }, t("sign.no_tray"), " ", again));
    }
  }

  /** Back to the line, if somebody speaks. */
  function close() {
    asks = false;
    draw();
    /** @type {HTMLElement | null} */ (el.querySelector(".change"))?.focus();
  }

  /** @param {string} [why] a word about why it opens @param {boolean} [focus] */
  async function open(why = "", focus = false) {
    asks = true;
    if (why) say(why);
    await wake();
    tray?.show(why);
    if (focus) /** @type {HTMLElement | null} */ (el.querySelector(".tray :is(button, input)"))?.focus();
  }

  draw();
  return {
    el,
    wake,
    open,
    guest: () => tray?.guest() || { name: "" },
    blame: (/** @type {unknown} */ problem) => !!tray?.blame(problem),
    /** Whether the guest's fields can be seen. */
    asking: () => !!el.querySelector(".tray"),
    /** Another one speaks, here or in another tab. */
    changed() {
      asks = false;
      tray?.stop();
      draw();
      guard(wake)();
    },
  };
}
