/** A sign-in that came back by the page's address. */

/** @param {import("../types").KnownContext} context */
export function attach({ t, h, clear, button, guard, form, arrival, signal, store, door, write, welcome }) {
  /** One that was not begun here changes nothing. */
  async function ticket() {
    const brought = arrival.ticket;
    if (!brought || !store.read(`tx|${brought.tx}`)) return;
    const note = h("p", { class: "note arrival", part: "notice", role: "status" }, h("span", { class: "spin", "aria-hidden": "true" }), t("sign.finishing"));
    form.insertBefore(note, form.firstChild);
    // Whoever comes back from signing in goes on writing.
    guard(write)();
    try {
      const came = (await door()).arrive(brought);
      if (came) arrival.ticket = null;
      const held = await came?.held;
      if (held) welcome(held);
      if (held && came?.popup) clear(note, t("sign.close_words", { name: held.user.name }), " ", button(t("sign.close"), "close", () => window.close()));
      else note.parentNode?.removeChild(note);
    } catch (/** @type {any} */ problem) {
      clear(note, h("span", { class: "error", role: "alert" }, problem.code ? t.error(problem) : t("sign.no_tray")));
    }
  }

  addEventListener("hashchange", guard(ticket), { signal });
  guard(ticket)();
}
