/** What a comment said, from its first version to the present one, for the curious. */

/** @typedef {import("../types").View} View */

/** @param {import("../types").SocialContext} context */
export function attach({ t, h, build, base, config, site, call, exact, sheet, style }) {
  t.add(CW_HISTORY_WORDS);
  style(CW_HISTORY_CSS);

  /** @param {View} view */
  return async ({ data: { id, author } }) => {
    /** @type {{versions: {time: string, body: import("../types").Node[]}[]}} */
    const { versions } = await call(`comments/${id}/history`, { query: { site: site.key, url: config.url }, fresh: true });
    const list = h("ol", { class: "versions", part: "versions" });
    for (const { time, body } of versions) {
      const when = h("time", { datetime: time }, exact(time));
      list.appendChild(h("li", {}, h("p", { class: "quiet" }, ...t.rich("list.version", { time: when })), h("div", { class: "body", dir: "auto" }, build(body, base))));
    }
    sheet(t("list.history_of", { name: author?.name || "" }), [list]);
  };
}
