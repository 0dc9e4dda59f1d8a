/** People whom this reader wants to see no more: their comments are shut, in this browser, on all pages of the server. */

/** @typedef {import("../types").View} View */

/** @param {import("../types").KnownContext} context @returns {(view: View) => void} hides who wrote it */
export function hiding({ t, h, button, thread, base, signal, store, say, use }) {
  const name = `hide|${base}`;
  /** Names by id. @type {Record<string, string | undefined>} */
  let hidden = store.read(name) || {};

  function look() {
    hidden = store.read(name) || {};
    thread.views.forEach(visit);
  }
  /** @param {string} id @param {string} [person] without a name they are seen again */
  function put(id, person) {
    store.write(name, { ...store.read(name), [id]: person });
    look();
  }

  /** @param {View} view */
  function visit({ data: { author }, el, actions }) {
    const yes = !!author && !!hidden[author.id];
    const veil = el.querySelector(":scope > article > .veil");
    el.classList.toggle("veiled", yes);
    if (!yes) return veil?.remove();
    if (veil) return;
    const again = button(t("list.unhide"), "unhide", () => {
      put(author.id);
      el.tabIndex = -1;
      el.focus({ preventScroll: true });
    });
    const line = h("p", { class: "note veil", part: "hidden" }, ...t.rich("list.hidden", { name: h("bdi", {}, author.name) }), " ", again);
    actions.parentNode?.insertBefore(line, actions);
  }

  use({ visit });
  store.follow(name, look, signal);
  return ({ data: { author }, el }) => {
    if (!author) return;
    put(author.id, author.name);
    say(t("list.hidden", { name: author.name }));
    /** @type {HTMLElement | null} */ (el.querySelector(".unhide"))?.focus({ preventScroll: true });
  };
}
