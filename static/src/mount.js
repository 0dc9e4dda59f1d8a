/** The element <comment-widget>: it reads its page, shows the conversation, and then fetches what one may do with it. */
import { call } from "./api.js";
import { portrait } from "./comment.js";
import { ATTRIBUTES, readConfig, chosen } from "./config.js";
import { button, clear, guard, h, report } from "./dom.js";
import { language, regional, translator } from "./i18n.js";
import { thread } from "./thread.js";
import { clock } from "./time.js";
import { build } from "./tree.js";

/** @typedef {import("./types").Context} Context */

/** The build writes the text where the name stands: once is enough. */
const CSS = CW_CSS;

/** Constructed sheets pass every host's style-src; an element would not. @param {ShadowRoot} root @param {string[]} css */
function style(root, css) {
  try {
    root.adoptedStyleSheets = css.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  } catch {
    root.appendChild(h("style", {}, css[css.length - 1])); // browsers before 2023
  }
}

/** Another language's words; English stands in when they do not come. @param {string} base @param {string} code */
async function words(base, code) {
  try {
    return code === "en" ? {} : await (await fetch(base + CW_LOCALE.replace("*", code), { credentials: "omit" })).json();
  } catch (problem) {
    report(problem);
  }
}

/**
 * Fetches the chunks, each once; one that did not come is fetched anew when it is next wanted.
 * @param {string} assets
 * @returns {import("./types").Context["chunk"]}
 */
function fetcher(assets) {
  /** @type {Record<string, Promise<any> | undefined>} */
  const coming = {};
  /** Browsers remember a module that failed to come, by its address. @type {Record<string, number>} */
  const failed = {};
  return (path, use) =>
    (coming[path] ??= import(new URL(path + (failed[path] ? `?${failed[path]}` : ""), assets).href)
      .catch((problem) => {
        failed[path] = (failed[path] || 0) + 1;
        throw problem;
      })
      .then(use)
      .catch((problem) => {
        coming[path] = undefined;
        throw problem;
      }));
}

/**
 * Show one conversation in `root`.
 * @param {HTMLElement} el
 * @param {ShadowRoot} root
 * @param {string} base the server's address
 * @param {string} assets where the chunks come from
 * @param {import("./types").Arrival} arrival
 */
export function open(el, root, base, assets, arrival) {
  const life = new AbortController();
  const { tag: said, code } = language([el.getAttribute("lang"), document.documentElement.lang, navigator.language], CW_LANGUAGES);
  const tag = regional(said, navigator.languages);
  const config = { ...readConfig(el), lang: tag };
  // What the reader chose once (reader/sort.js) goes before what the page says.
  config.sort = chosen(base, config.site) || config.sort;
  const dictionary = {};
  const t = translator(tag, dictionary, CW_WORDS);

  const heading = h("h2", { part: "heading", class: "heading" });
  const text = h("textarea", { id: "cw-text", part: "textarea", autocomplete: "off" });
  const label = h("label", { for: "cw-text", class: "unseen" });
  const trouble = h("div", {});
  const form = h("form", { part: "composer", class: "composer", novalidate: true, submit: (/** @type {Event} */ event) => event.preventDefault() }, label, text, trouble);
  const place = h("div", { class: "place" });
  const live = h("p", { class: "unseen", role: "status" });
  const closed = h("p", { class: "note", part: "closed", hidden: true });
  const frame = h("section", { class: "cw", part: "root", lang: tag }, heading, form, closed, place, live);
  let sheets = [CSS];
  style(root, sheets);
  const theme = () => void (frame.dataset.theme = el.getAttribute("theme") || "auto");
  theme();

  const emit = (/** @type {string} */ name, /** @type {unknown} */ detail) =>
    el.dispatchEvent(new CustomEvent(`comment-widget:${name}`, { bubbles: true, composed: true, detail }));
  const say = (/** @type {string} */ news) => void (live.textContent = news);

  const ready = words(assets, code).then((found) => {
    Object.assign(dictionary, found);
    text.placeholder = label.textContent = t("list.write");
    closed.textContent = t("list.closed");
  });
  /** @type {Context} */
  const context = {
    thread: /** @type {any} */ (null), // made of this very context, right below
    ...{ h, clear, guard, button, portrait, build },
    ...{ el, root, base, config, arrival, form, text, t, emit, say },
    clock: clock(tag),
    signal: life.signal,
    ready,
    style: (css) => style(root, (sheets = [...sheets, css])),
    chunk: fetcher(assets),
    call: (path, options) => call(base, path, { signal: life.signal, ...options }),
  };
  const shown = thread(context, {
    heading,
    place,
    reply: async (view) => (await write())?.reply(view),
    async more(box, after, above) {
      try {
        await (await read()).more(box, after, above);
      } catch (problem) {
        report(problem);
        clear(/** @type {Node} */ (box.lastChild), t("list.failed"));
      }
    },
    opened: (yes) => {
      form.hidden = !yes;
      closed.hidden = yes;
    },
  });

  /** What one may do with the conversation besides writing; it fetches the rest. */
  const read = () =>
    context.chunk(CW_READER, async ({ attach }) => {
      await ready;
      life.signal.throwIfAborted();
      return attach(context);
    });
  let wanted = false;
  /** The composer: fetched when somebody turns to it. @returns {Promise<import("./types").Writer | undefined>} */
  async function write() {
    wanted = true;
    clear(trouble);
    try {
      return await (await read()).write();
    } catch (problem) {
      report(problem);
      await ready;
      clear(trouble, h("p", { class: "error", role: "alert" }, t("list.no_writer"), " ", button(t("list.retry"), "retry", write)));
    }
  }
  for (const sign of ["focusin", "pointerenter"]) form.addEventListener(sign, () => void (wanted || write()));

  /** @param {boolean} [fresh] */
  async function load(fresh) {
    const came = await shown.reload(fresh);
    if (life.signal.aborted) return;
    if (came) emit("ready", { url: config.url, count: shown.info.count });
    // After the comments are painted, so that it takes nothing from them.
    setTimeout(guard(read));
  }

  async function start() {
    if (config.lazy && !arrival.ticket && !/^#comment-/.test(location.hash)) await near(el, life.signal);
    if (!life.signal.aborted) await load();
  }

  life.signal.addEventListener("abort", () => frame.remove());
  root.appendChild(frame);
  guard(start)();
  return { theme, reload: () => load(true), close: () => life.abort() };
}

/** Resolves when the element comes near the window's view. @param {Element} el @param {AbortSignal} signal */
function near(el, signal) {
  return new Promise((done) => {
    const eye = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && end(), { rootMargin: "600px" });
    const end = () => done(eye.disconnect());
    eye.observe(el);
    signal.addEventListener("abort", end);
  });
}

/** Define the element, once a page. @param {string} base @param {import("./types").Arrival} arrival */
export function define(base, arrival) {
  if (customElements.get("comment-widget")) return;
  /** @type {WeakMap<Element, ReturnType<typeof open>>} */
  const alive = new WeakMap();

  class CommentWidget extends HTMLElement {
    static observedAttributes = ATTRIBUTES;
    /** The server, where it is not the script's. */
    server = "";
    #waiting = false;

    connectedCallback() {
      this.#later();
    }

    disconnectedCallback() {
      this.#later();
    }

    /** @param {string} name @param {string | null} old @param {string | null} now */
    attributeChangedCallback(name, old, now) {
      if (old === now) return;
      if (name === "theme") guard(() => alive.get(this)?.theme())();
      else if (alive.has(this)) this.#later(true);
    }

    /** Several changes in one go, or a move within the page, are one change. */
    #later(anew = false) {
      if (anew) this.#stop();
      if (this.#waiting) return;
      this.#waiting = true;
      queueMicrotask(
        guard(() => {
          this.#waiting = false;
          if (!this.isConnected) this.#stop();
          else if (!alive.has(this)) {
            const root = this.shadowRoot || this.attachShadow({ mode: "open" });
            alive.set(this, open(this, root, this.server || base, base, arrival));
          }
        }),
      );
    }

    #stop() {
      alive.get(this)?.close();
      alive.delete(this);
    }

    /** Fetch the conversation anew; what is being written stays. */
    async reload() {
      await alive.get(this)?.reload().catch(report);
    }
  }
  customElements.define("comment-widget", CommentWidget);
}
