/** /count.js: how many comments pages have, for lists of links to them; all of a page in one request. */
import { language } from "../i18n.js";

/** Those that are marked for us, and those that were marked for other systems. */
const OURS = "[data-comment-count],[data-comment-count-id]";
const WORDY = 'a[href$="#disqus_thread"],.disqus-comment-count,a[href$="#isso-thread"],a[href$="#commento"]';
const ALL = `${OURS},${WORDY},.remark42__counter`;
const MOST = 99;
const LONGEST = 6000; // of an address with all that is asked for; servers in between take 8 KB

/** @param {() => unknown} work */
async function quietly(work) {
  try {
    await work();
  } catch (problem) {
    console.warn("comment-widget:", problem);
  }
}

/** What is asked for: a page's address, or `id:` and its own id. @param {Element} el */
function key(el) {
  const get = (/** @type {string} */ name) => el.getAttribute(name) || "";
  const id = get("data-comment-count-id") || get("data-disqus-identifier") || get("data-page-id");
  if (id && id[0] !== "/") return `id:${id}`;
  const said = id || get("data-comment-count") || get("data-disqus-url") || get("data-url") || get("href") || location.href;
  const url = new URL(said, document.baseURI);
  // These two know no query.
  if (/^#(isso-thread|commento)$/.test(url.hash)) url.search = "";
  url.hash = "";
  return url.href;
}

quietly(() => {
  const scripts = /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll('script[src*="count.js"]'));
  const script = /** @type {HTMLScriptElement} */ (document.currentScript || scripts[scripts.length - 1]);
  const base = new URL(".", script.src).href;
  const site = script.getAttribute("data-site") || "";
  const mark = Symbol.for(`comment-widget counts ${base} ${site}`);
  const world = /** @type {any} */ (window);
  if (world[mark]) return;
  world[mark] = true;

  /** Numbers by key, once they are asked for. @type {Map<string, number | null>} */
  const known = new Map();
  /** @type {WeakMap<Element, string>} */
  const shown = new WeakMap();
  /** @type {Record<string, Promise<any> | undefined>} */
  const words = {};
  const json = async (/** @type {string} */ path) => (await fetch(base + path, { credentials: "omit" })).json();

  /** @param {Element} el @param {number} n */
  async function show(el, n) {
    let text = String(n);
    if (el.hasAttribute("data-comment-count-words") || (el.matches(WORDY) && !el.matches(OURS))) {
      const { tag, code } = language([el.closest("[lang]")?.getAttribute("lang"), navigator.language], CW_LANGUAGES);
      const forms = code === "en" ? CW_COUNT_WORDS : await (words[code] ??= json(CW_LOCALE.replace("*", code)));
      const form = forms["list.heading.untitled"];
      text = (form[new Intl.PluralRules(tag).select(n)] ?? form.other).replace("{n}", n.toLocaleString(tag));
    }
    el.textContent = text;
  }

  /** @param {string[]} asked */
  async function fetchAll(asked) {
    // Without its key the site is that of this page, whose address comes first.
    const query = new URLSearchParams(site ? { site } : { url: location.href.split("#")[0] });
    for (const one of asked) query.append("url", one); // eslint-disable-line no-restricted-syntax -- of a query, which nobody changes
    const { counts } = await json(`api/v1/counts?${query}`);
    for (const one of asked) known.set(one, counts[one]);
    paint();
  }

  function paint() {
    for (const el of document.querySelectorAll(ALL)) {
      quietly(() => {
        const name = key(el);
        const n = known.get(name);
        if (typeof n === "number" && shown.get(el) !== name) {
          shown.set(el, name);
          return show(el, n);
        }
      });
    }
  }

  function look() {
    waiting = 0;
    /** @type {string[][]} */
    const batches = [];
    let length = LONGEST;
    for (const el of document.querySelectorAll(ALL)) {
      quietly(() => {
        const name = key(el);
        if (known.has(name)) return;
        known.set(name, null);
        length += encodeURIComponent(name).length;
        let batch = batches[batches.length - 1];
        if (length > LONGEST || batch.length === MOST) {
          batches.push((batch = []));
          length = 0;
        }
        batch.push(name);
      });
    }
    for (const batch of batches) quietly(() => fetchAll(batch));
    paint();
  }

  let waiting = 0;
  const later = () => void (waiting ||= setTimeout(() => quietly(look)));
  new MutationObserver(later).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-comment-count", "data-comment-count-id", "href"],
  });
  later();
});
