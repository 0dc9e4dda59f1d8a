/** One conversation on its own, in place of the whole list: where nesting ends, and where a link leads that is not shown yet. */

/** @typedef {import("../types").View} View */

/**
 * @param {import("../types").ReaderContext & import("../types").Gifts} context
 * @returns {import("../types").Alone}
 */
export function attach({ t, h, clear, button, say, style, thread, reveal, use, more }) {
  t.add(CW_ONE_WORDS);
  style(CW_ONE_CSS);
  const { list, foot, views, pages } = thread;
  /** The whole, while one is shown. @type {{list: ChildNode[], foot: ChildNode[], views: [string, View][], pages: import("../types").Page[], seen: number | undefined} | null} */
  let whole = null;
  /** Which one. */
  let shown = "";
  const bar = h("p", { class: "apart", part: "one" });
  /** What goes on loading meanwhile comes too late. */
  let turn = 0;

  /** Exchange what the list shows. @param {typeof whole} now */
  function set(now) {
    views.clear();
    for (const [id, view] of now?.views || []) views.set(id, view);
    pages.splice(0, pages.length, ...(now?.pages || []));
    clear(list, ...(now?.list || []));
    clear(foot, ...(now?.foot || []));
    list.classList.toggle("alone", !now);
    thread.alone = !now;
  }

  /** @param {Node | string} words @param {Node} [after] */
  function tell(words, after) {
    clear(bar, words, " ", after);
    list.parentNode?.insertBefore(bar, list);
  }

  /** A button for what follows, of which only that is shown that belongs here. @param {View} root @param {View} target @param {string | null} after */
  function grow(root, target, after) {
    if (!after) return;
    /** @type {HTMLElement} */
    const box = h("p", { class: "grow" }, button(t("list.more"), "more", () => more(box, () => bring(root, target, after))), h("span", { class: "error", role: "alert" }));
    foot.appendChild(box);
  }
  /** @param {View} root @param {View} target @param {string} after */
  async function bring(root, target, after) {
    const mine = turn;
    const page = await thread.fetch({ root: root.data.id, after });
    if (mine !== turn) return;
    for (const data of page.comments) {
      const parent = views.get(data.parent || "");
      if (parent && below(parent, target)) parent.kids.appendChild(thread.show(data, parent).el);
    }
    pages.push(page);
    thread.tell((one) => one.arrived?.(page, false));
    grow(root, target, page.next);
  }
  /** Whether a comment is `target` or hangs on it. @param {View} view @param {View} target */
  function below(view, target) {
    // A list of answers stands in the element of what it answers, so that there is no chain to be climbed.
    return view === target || target.kids.contains(view.el);
  }

  /** @param {string} id */
  async function show(id) {
    const mine = ++turn;
    let page;
    try {
      page = await thread.fetch({ at: id });
    } catch (/** @type {any} */ problem) {
      if (problem.code !== "comment.not_found") throw problem;
      // Of several conversations on a page, the link speaks of one.
      if (mine !== turn || document.querySelectorAll("comment-widget").length > 1) return;
      tell(t("list.missing"));
      return say(t("list.missing"));
    }
    if (mine !== turn) return;
    whole ??= { list: [...list.childNodes], foot: [...foot.childNodes], views: [...views], pages: [...pages], seen: thread.seen };
    set(null);
    shown = id;
    thread.update(page.thread);
    const end = page.comments.findIndex((one) => one.id === id);
    /** @type {View | null} */
    let root = null;
    for (const [at, data] of page.comments.entries()) {
      // What leads to it stands in a row, each naming whom it answers, so that there is room for what follows.
      const leads = at <= end;
      const parent = data.parent ? views.get(data.parent) || root : null;
      const view = thread.show(data, parent, leads ? Math.min(at, 1) : undefined);
      root ??= view;
      (!parent ? list : leads ? root.kids : parent.kids).appendChild(view.el);
    }
    pages.push(page);
    thread.tell((one) => one.arrived?.(page, false));
    tell(t("list.one"), button(t("list.whole"), "whole", leave));
    const target = views.get(id);
    if (!root || !target) return;
    grow(root, target, page.next);
    reveal(target);
  }

  /** Back to where one was. */
  function leave() {
    turn++;
    if (!whole) return;
    const { seen } = whole;
    set(whole);
    whole = null;
    // What is new since then has not been shown in there.
    thread.seen = seen;
    bar.parentNode?.removeChild(bar);
    if (/^#comment-/.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    thread.tell((one) => one.arrived?.(pages[pages.length - 1], false));
    const view = views.get(shown) || [...views.values()][0];
    if (view) reveal(view);
  }

  use({
    arrived(_, first) {
      // Loaded anew: the whole, whatever was shown.
      if (!first || !thread.alone) return;
      whole = null;
      turn++;
      thread.alone = false;
      list.classList.remove("alone");
      bar.parentNode?.removeChild(bar);
    },
  });
  return { show, leave };
}
