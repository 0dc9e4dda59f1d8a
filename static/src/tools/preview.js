/** What the comment will look like, made by the server's one renderer; the text stays beneath. */

/**
 * @param {import("../types").KnownContext} context
 * @param {import("../types").Box} box
 * @param {(key: string, sign: string, act: () => unknown) => HTMLElement} add
 */
export function preview({ t, h, clear, call, build, base, config, site, say }, { text, bar }, add) {
  const pane = h("div", { class: "body preview", part: "preview body", role: "region", "aria-label": t("tool.preview_of"), tabindex: 0, dir: "auto", hidden: true });
  bar.appendChild(pane);
  let turn = 0;

  function close() {
    turn++;
    pane.hidden = true;
    text.hidden = false;
    one.setAttribute("aria-pressed", "false");
    one.textContent = t("tool.preview");
  }
  async function open() {
    const mine = ++turn;
    one.setAttribute("aria-pressed", "true");
    one.textContent = t("tool.write");
    pane.style.minHeight = `${text.offsetHeight}px`;
    text.hidden = true;
    pane.hidden = false;
    clear(pane, text.value.trim() ? h("p", { class: "note" }, "…") : h("p", { class: "note" }, t("tool.nothing")));
    if (!text.value.trim()) return;
    try {
      const page = { url: config.url, id: config.id || undefined, title: config.title || undefined };
      const { body } = await call("preview", { method: "POST", body: { site: site.key, text: text.value, page } });
      if (mine !== turn) return;
      clear(pane, build(body, base));
      say(t("tool.preview_of"));
    } catch (problem) {
      if (mine === turn) clear(pane, h("p", { class: "error", role: "alert" }, t.error(problem)));
    }
  }
  const one = add("tool.preview", t("tool.preview"), () => {
    if (pane.hidden) return open();
    close();
    text.focus();
  });
  one.removeAttribute("aria-label");
  one.setAttribute("aria-pressed", "false");
  return { close, open: () => !pane.hidden };
}
