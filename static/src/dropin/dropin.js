/**
 * The markup of other systems, as it stands on people's pages: our script in place of theirs shows our widget there, for the
 * page that theirs would have shown. docs/moving.md says the same for people.
 */
import { ATTRIBUTES } from "../config.js";

/** @typedef {Record<string, string | null | undefined>} Said attributes of our element */
/**
 * One system: where its place is, which page it is for, and the functions by which pages of theirs change it.
 * @typedef {{at: string, page: (place: HTMLElement, script: HTMLScriptElement | null) => Said, gives?: (shop: Shop) => Record<string, object>}} System
 * @typedef {{show: (more?: Said, place?: Element | null) => void, remove: () => void}} Shop
 */

/** A window with whatever other scripts left in it. @type {any} */
const world = window;
/** This page as those name it that know no query. */
const bare = () => location.origin + location.pathname;
/** A page's own id; those that are paths are addresses, here and there. @param {string | null | undefined} id @returns {Said} */
const named = (id) => (id ? (id[0] === "/" ? { "page-url": id } : { "page-id": id }) : { "page-url": bare() });
/** @param {unknown} theme @returns {string | null} */
const shade = (theme) => (/dark/.test(String(theme)) ? "dark" : theme === "light" ? "light" : null);
/** What a script or another element says. @param {Element | null | undefined} el @param {string} name */
const get = (el, name) => el?.getAttribute(`data-${name}`);

/** What a Disqus configuration says: a function that fills `this`. @param {unknown} [config] @returns {Said} */
function disqus(config = world.disqus_config) {
  const hooks = "preData preInit onInit onReady afterRender preReset onPaginate onIdentify onNewComment beforeComment";
  const asked = {
    /** @type {any} */ page: { url: world.disqus_url, identifier: world.disqus_identifier, title: world.disqus_title },
    language: "",
    callbacks: Object.fromEntries(hooks.split(" ").map((name) => [name, []])),
    sso: {},
    experiment: {},
  };
  try {
    if (typeof config === "function") config.call(asked);
  } catch (problem) {
    console.warn("comment-widget:", problem);
  }
  const { url, identifier, title } = asked.page;
  return { "page-url": url, "page-id": identifier, "page-title": title, lang: asked.language };
}

/** Whatever giscus is told to look its discussion up by. @param {Element | null} script @returns {Said} */
function giscus(script) {
  const meta = document.querySelector("meta[property='og:title'], meta[name='og:title']");
  const term = get(script, "term");
  switch (get(script, "mapping")) {
    case "title":
      return { "page-id": document.title };
    case "og:title":
      return { "page-id": meta?.getAttribute("content") || document.title };
    case "url":
      return { "page-url": location.href.split("#")[0] };
    case "specific":
    case "number":
      return { "page-id": term };
    default:
      return { "page-url": bare() };
  }
}

/** @type {System[]} */
const SYSTEMS = [
  {
    at: "#disqus_thread",
    page: () => disqus(),
    gives: ({ show }) => ({ DISQUS: { reset: (/** @type {any} */ asked) => show(disqus(asked?.config)) } }),
  },
  {
    at: "#isso-thread",
    page: (place, script) => ({ ...named(get(place, "isso-id")), "page-title": get(place, "title"), lang: get(script, "isso-lang") }),
    gives: ({ show }) => ({ Isso: { init: () => show(), fetchComments: () => show() } }),
  },
  {
    at: "#remark42",
    page: () => {
      const said = world.remark_config || {};
      return { "page-url": said.url || bare(), "page-title": said.page_title, theme: shade(said.theme), lang: said.locale };
    },
    gives: ({ show, remove }) => ({
      REMARK42: {
        createInstance(/** @type {any} */ said = {}) {
          world.remark_config = { ...world.remark_config, ...said };
          show({}, said.node);
          return { destroy: remove };
        },
        changeTheme: (/** @type {unknown} */ name) => show({ theme: shade(name) }),
        destroy: remove,
      },
    }),
  },
  {
    at: "div#commento", // an Italian page may well have another one
    page: (_, script) => named(get(script, "page-id")),
    gives: ({ show }) => ({
      commento: { main: () => show(), reInit: (/** @type {any} */ said) => show(said?.pageId ? { "page-url": null, "page-id": null, ...named(said.pageId) } : {}) },
    }),
  },
  {
    at: "#cusdis_thread",
    page: (place) => ({
      "page-id": get(place, "page-id"),
      "page-url": get(place, "page-url"),
      "page-title": get(place, "page-title"),
      theme: shade(get(place, "theme")),
    }),
    gives: ({ show }) => ({ CUSDIS: { initial: () => show(), renderTo: (/** @type {Element} */ place) => show({}, place) } }),
  },
  {
    at: ".giscus,body script[data-mapping]",
    page: (_, script) => ({
      ...giscus(get(script, "mapping") ? script : document.querySelector("script[data-mapping]")),
      theme: shade(get(script, "theme")),
      lang: get(script, "lang"),
      lazy: get(script, "loading") === "lazy" ? "true" : null,
    }),
  },
];

/**
 * Show the widget where a page has a place for another system's.
 * @param {string} base the server's address
 * @param {HTMLScriptElement | null} script ours
 * @returns whether there is one, so that the script needs no place of its own
 */
export function attach(base, script) {
  const system = SYSTEMS.find(({ at }) => document.querySelector(at));
  if (!system) return false;
  // Elements of the page's own take the widget; a script that stands there twice shows it once.
  if (document.querySelector("comment-widget")) return true;
  /** @type {any} */
  let el = null;
  const remove = () => void el?.parentNode?.removeChild(el);

  /** Show what the page says now. @param {Said} [more] @param {Element | null} [where] */
  function show(more = {}, where) {
    const { at, page } = /** @type {System} */ (system);
    const found = document.querySelector(at.split(",")[0]) || document.querySelector(at);
    const place = /** @type {HTMLElement | null} */ (where || (el?.isConnected && el.parentNode) || found);
    if (!place) return;
    if (!el?.isConnected || el.parentNode !== place) {
      remove();
      el = document.createElement("comment-widget");
      el.server = base;
    }
    const said = { ...page(place, script), ...more };
    said["page-title"] ||= document.title;
    for (const name of ATTRIBUTES) {
      // What the script says of the page was for the other system.
      const value = said[name] || (name.startsWith("page-") ? null : get(script, name));
      if (value == null) el.removeAttribute(name);
      else if (el.getAttribute(name) !== value) el.setAttribute(name, value);
    }
    if (el.parentNode) return;
    if (place.localName === "script") place.parentNode?.insertBefore(el, place.nextSibling);
    else place.appendChild(el);
  }

  show();
  for (const [name, given] of Object.entries(system.gives?.({ show, remove }) || {})) world[name] = { ...world[name], ...given };
  return true;
}
