/** The conversation of one page: fetched, shown as a tree, counted, grown by "show more". */
import { maker } from "./comment.js";
import { button, clear, guard, h } from "./dom.js";

/** @typedef {import("./types").View} View */
/** @typedef {import("./types").Page} Page */

/** After so many milliseconds of building, the page goes on first. */
const SLICE = 12;

/**
 * @param {import("./types").Context} context its `thread` is what this makes
 * @param {object} kit
 * @param {HTMLElement} kit.heading
 * @param {HTMLElement} kit.place where the list goes
 * @param {(view: View) => unknown} kit.reply
 * @param {(box: HTMLElement, after: string, root: View | null) => unknown} kit.more
 * @param {(open: boolean) => void} kit.opened told whether comments are taken
 * @returns {import("./types").Thread}
 */
export function thread(context, { heading, place, reply, more, opened }) {
  const { config, t, call, ready } = context;
  /** @type {Map<string, View>} */
  const views = new Map();
  /** @type {Page[]} those shown since the last load */
  const pages = [];
  /** @type {import("./types").Feature[]} */
  const features = [];
  /** @param {(feature: import("./types").Feature) => void} news */
  const tell = (news) => features.forEach(guard((one) => news(one)));
  const list = h("ol", { class: "list", part: "list" });
  const foot = h("div", { class: "foot" });

  /** Counts the loads: what is being shown of an earlier one ends there. */
  let load = 0;

  /** @type {import("./types").Thread["fetch"]} */
  const fetchPart = (part, fresh) => call("threads", { query: { site: config.site, url: config.url, id: config.id, sort: config.sort, ...part }, fresh });

  /** @param {Partial<import("./types").ThreadInfo>} news */
  function update(news) {
    const info = Object.assign(me.info, news);
    const title = config.title || info.title;
    const key = `list.heading${info.count ? "" : ".none"}${title ? "" : ".untitled"}`;
    clear(heading, ...t.rich(key, { n: info.count, title: title && h("bdi", {}, title) }));
    opened(info.open !== false);
  }

  /** Show a comment or its new state; a new one still has to be put in its place.
   * @param {import("./types").Comment} data @param {View | null} parent @param {number} [depth] */
  function show(data, parent, depth) {
    let view = views.get(data.id);
    if (view) {
      view.data = { ...data, replies: data.replies ?? view.data.replies };
      fill(view);
    } else {
      view = make(data, parent, depth);
      views.set(data.id, view);
    }
    const shown = view;
    tell((one) => one.visit?.(shown));
    return view;
  }

  /** A button that brings more. @param {Element} into @param {string} words @param {string} after @param {View | null} root */
  function grow(into, words, after, root) {
    const trouble = h("span", { class: "error", role: "alert" });
    /** @type {HTMLElement} */
    const box = h("p", { class: "grow" }, button(words, "more", () => more(box, after, root)), trouble);
    into.appendChild(box);
  }

  /** @param {View} root @param {string | null | undefined} after */
  function growReplies(root, after) {
    const n = Math.max(1, (root.data.replies || 0) - root.kids.querySelectorAll("li").length);
    if (after) grow(root.el, t("list.replies", { n }), after, root);
  }

  /** @param {Page} page @param {View | null} [root] the root whose answers these are, if they are */
  async function take(page, root = null) {
    /** @type {View[]} */
    const grown = [];
    const mine = load;
    let end = performance.now() + SLICE;
    for (const data of page.comments) {
      if (performance.now() > end) {
        await new Promise((done) => setTimeout(done));
        end = performance.now() + SLICE;
      }
      if (mine !== load) return;
      const parent = data.parent ? views.get(data.parent) || root : null;
      const view = show(data, parent);
      // One that was put here before its page came now takes the server's place.
      (parent ? parent.kids : list).appendChild(view.el);
      if (!parent) grown.push(view);
    }
    for (const view of grown) growReplies(view, view.data.more);
    if (root) growReplies(root, page.next);
    else if (page.next) grow(foot, t("list.more"), page.next, root);
    pages.push(page);
    tell((one) => one.arrived?.(page, pages.length < 2));
  }

  /** @param {boolean} [fresh] past the browser's cache @returns {Promise<boolean>} whether the comments are there */
  async function reload(fresh = false) {
    place.setAttribute("aria-busy", "true");
    try {
      // The words of another language travel beside the comments, not before them.
      const [page] = await Promise.all([fetchPart({}, fresh), ready]);
      load++;
      views.clear();
      pages.length = 0;
      clear(list);
      clear(foot);
      update(page.thread);
      clear(place, list, foot);
      await take(page);
      return true;
    } catch (problem) {
      if (/** @type {Error} */ (problem).name === "AbortError") return false;
      // What went wrong may be the site's set-up: say it in words, the code for whoever looks after the page.
      const reason = /** @type {any} */ (problem);
      const line = h("p", { class: "error", role: "alert", part: "error", "data-code": reason.code }, t("list.failed"), " ", reason.status ? reason.message : "");
      clear(place, line, button(t("list.retry"), "retry", () => reload(true)));
      return false;
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /** @type {import("./types").Thread} */
  const me = { ...{ views, pages, features, list, foot, tell, show, take, update, reload }, info: { count: 0, version: 0 }, fetch: fetchPart };
  context.thread = me;
  const { make, fill } = maker(context, reply);
  return me;
}
