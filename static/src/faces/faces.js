/** Who reacted: people with their faces, the last first, a part at a time. */

/** @typedef {import("../types").Person} Person */

/** @param {import("../types").SocialContext} context */
export function attach({ t, h, clear, button, guard, portrait, build, base, config, site, call, via, sheet, style }) {
  t.add(CW_FACES_WORDS);
  style(CW_FACES_CSS);

  /** @param {Person} person @param {Element | string} sign */
  function row({ name, url, provider, ...rest }, sign) {
    const from = via(provider);
    const who = h("bdi", { class: "name" }, build(url ? [["a", { href: url }, name]] : [name], base));
    return h("li", {}, portrait({ name, ...rest }), who, from && h("span", { class: "quiet from" }, ...from), sign && h("span", { class: "kind" }, sign));
  }

  /** @param {import("../types").Mark} mark */
  return ({ id, sign }) => {
    const list = h("ul", { class: "people", part: "people" });
    const foot = h("div", { class: "rest", "aria-live": "polite" });
    sheet(t("react.who"), [list, foot]);

    async function more(after = "") {
      clear(foot, h("span", { class: "spin", "aria-hidden": "true" }));
      try {
        const query = { site: site.key, url: config.url, id: id ? "" : config.id, after };
        const { reactions, people, next } = await call(`${id ? `comments/${id}` : "threads"}/reactions`, { query, fresh: true });
        const kinds = /** @type {Record<string, number>} */ (reactions);
        const mixed = Object.keys(kinds).some((kind) => kind !== "like");
        const first = list.children.length;
        for (const person of people) list.appendChild(row(person, mixed ? sign(person.kind) : ""));
        // Reactions that were imported have nobody.
        const n = Object.values(kinds).reduce((sum, some) => sum + some, 0) - list.children.length;
        const words = t("react.more", { n });
        clear(foot, n > 0 ? (next ? button(words, "more", () => more(next)) : h("span", { class: "note" }, words)) : list.firstChild ? null : t("react.nobody"));
        if (after && list.children[first]) {
          const to = /** @type {HTMLElement} */ (list.children[first]);
          to.tabIndex = -1;
          to.focus();
        }
      } catch (/** @type {any} */ problem) {
        // Whom the last part ended with took their reaction back: from the beginning, then.
        if (problem.code === "thread.bad_cursor" && after) {
          clear(list);
          return more();
        }
        if (problem.name !== "AbortError") clear(foot, h("p", { class: "error", role: "alert" }, t.error(problem), " ", button(t("list.retry"), "retry", () => more(after))));
      }
    }
    guard(more)();
  };
}
