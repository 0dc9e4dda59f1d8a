/** One comment as elements: who, when, what, and where its answers go. */
import { button, clear, h, safeUrl } from "./dom.js";
import { build } from "./tree.js";

/** @typedef {import("./types").Comment} Comment */
/** @typedef {import("./types").View} View */

/** Nested lists stop here; deeper answers stand in the same list and name whom they answer. */
const NESTED = 8;
/** From here on narrow screens indent no further. */
const NARROW = 4;
/** The places of a comment's two rows, in the order in which they are read, whoever fills them first. */
const META = "author badge provider kind time edited mark".split(" ");
const ACTIONS = "likes reply quote edit delete menu".split(" ");

/**
 * Put something into its place in a comment's `meta` or `actions`, instead of what stood there; null takes it away.
 * What stays the same is better not put again: it would lose its focus.
 * @param {View} view @param {import("./types").Slot} name @param {HTMLElement | null | undefined | false | ""} [el]
 */
export function slot(view, name, el) {
  const order = ACTIONS.includes(name) ? ACTIONS : META;
  const row = order === META ? view.meta : view.actions;
  const rank = (/** @type {string | undefined} */ at) => order.indexOf(String(at));
  /** @type {Element | null} */
  let next = null;
  for (const other of /** @type {HTMLElement[]} */ ([...row.children])) {
    const place = rank(other.dataset.slot);
    if (place === rank(name)) row.removeChild(other);
    else if (place > rank(name)) next ??= other;
  }
  if (!el) return;
  el.dataset.slot = name;
  row.insertBefore(el, next);
}

/**
 * A face: the picture, or the first letter on a colour that belongs to the name.
 * @param {import("./types").User | undefined} user
 * @param {string} base
 */
export function portrait(user, base) {
  const name = user?.name || "?";
  const letter = Array.from(name.trim())[0] || "?";
  const face = h("span", { class: "face", part: "avatar", "aria-hidden": "true" }, letter.toLocaleUpperCase());
  let hue = 0;
  for (const sign of name) hue = (hue * 31 + /** @type {number} */ (sign.codePointAt(0))) % 360;
  face.style.setProperty("--hue", String(hue));
  // Pictures come from our own server alone: no third party learns who reads.
  const src = user?.avatar && safeUrl(user.avatar, undefined, base);
  if (src && new URL(src).origin === new URL(base).origin) {
    // A picture that the page's policy or the network refuses leaves the letter.
    const image = h("img", { alt: "", width: 40, height: 40, loading: "lazy", load: () => clear(face, image), error: () => image.remove() });
    image.src = src;
    face.appendChild(image);
  }
  return face;
}

/**
 * @param {import("./types").Context} context
 * @param {(view: View) => unknown} reply
 */
export function maker({ base, config, t, clock, thread }, reply) {
  /** A permalink. @param {View} view @param {...(Node | string)} inside */
  const link = ({ data }, ...inside) => h("a", { href: `${config.url}#comment-${data.id}`, class: "quiet", part: "permalink" }, ...inside);

  /** Show the state of `view.data`; what features put into the rows stays until they change it. @param {View} view */
  function fill(view) {
    const { data, parent, meta } = view;
    const { author } = data;
    const name = author?.name || "";
    view.el.dataset.state = data.state || "published";
    clear(view.body);
    const article = /** @type {HTMLElement} */ (view.body.parentNode);
    while (article.firstChild !== view.body) article.removeChild(/** @type {Node} */ (article.firstChild));
    article.setAttribute("aria-label", author ? t("list.by", { name }) : t("list.deleted"));
    if (!author) {
      clear(meta);
      clear(view.actions);
      view.body.appendChild(h("p", { class: "note" }, t("list.deleted")));
      return;
    }
    const at = clock(data.time);
    const url = safeUrl(author.url);
    const who = h("bdi", { class: "name", part: "author" }, name);
    slot(view, "author", url ? h("a", { href: url, rel: "nofollow ugc noopener noreferrer", target: "_blank", class: "who" }, who) : who);
    slot(view, "kind", data.kind && h("span", { class: "via" }, data.kind));
    slot(view, "time", link(view, h("time", { datetime: data.time, title: at.exact, part: "time" }, at.short)));
    slot(view, "edited", data.edited && h("span", { class: "quiet", title: clock(data.edited).exact }, t("list.edited")));
    article.insertBefore(h("header", { class: "by" }, portrait(author, base), meta), view.body);
    if (parent?.data.author && view.depth >= NARROW) {
      const words = t.rich("list.answers", { name: h("bdi", {}, parent.data.author.name) });
      article.insertBefore(h("p", { class: view.depth > NESTED ? "to" : "to narrow" }, link(parent, ...words)), view.body);
    }
    if (data.state === "pending") article.insertBefore(h("p", { class: "note", part: "notice" }, t("list.pending")), view.body);
    view.body.appendChild(build(data.body));
    const open = thread.info.open !== false && data.state !== "pending";
    slot(view, "reply", open && button(t("list.reply"), "reply", () => reply(view), { "aria-label": t("list.reply_to", { name }) }));
  }

  /** @param {Comment} data @param {View | null} parent @returns {View} */
  function make(data, parent) {
    const depth = parent ? parent.depth + 1 : 0;
    const meta = h("div", { class: "meta" });
    const body = h("div", { class: "body", part: "body", dir: "auto" });
    const actions = h("div", { class: "actions", part: "actions" });
    const below = h("div");
    const article = h("article", {}, body, actions, below);
    const kids = parent && depth > NESTED ? parent.kids : h("ol", { class: "kids", part: "replies" });
    const el = h("li", { id: `comment-${data.id}`, part: "comment", "data-id": data.id, class: depth >= NARROW ? "item deep" : "item" }, article);
    if (!parent || depth <= NESTED) el.appendChild(kids);
    const view = { data, el, meta, body, actions, below, kids, parent, depth };
    fill(view);
    return view;
  }

  return { make, fill };
}
