/** One comment as elements: who, when, what, and where its answers go. */
import { button, clear, h, safeUrl } from "./dom.js";
import { build } from "./tree.js";

/** @typedef {import("./types").Comment} Comment */
/** @typedef {import("./types").View} View */

/** Nested lists stop here; deeper answers stand in the same list and name whom they answer. */
const NESTED = 8;
/** From here on narrow screens indent no further. */
const NARROW = 4;
/**
 * A face: the first letter of the name; its colour and the picture come with the reader's chunk (portraits.js).
 * @param {import("./types").User | undefined} user
 */
export const portrait = (user) => h("span", { class: "face", part: "avatar", "aria-hidden": "true" }, ([...`${user?.name || ""}`.trim()][0] || "?").toLocaleUpperCase());

/**
 * @param {import("./types").Context} context
 * @param {(view: View) => unknown} reply
 */
export function maker({ base, config, t, clock, thread }, reply) {
  /** A permalink. @param {View} view @param {string} slot @param {...(Node | string)} inside */
  const link = ({ data }, slot, ...inside) => h("a", { href: `${config.url}#comment-${data.id}`, class: "quiet", part: "permalink", "data-slot": slot }, ...inside);

  /** Show the state of `view.data`. The rows' places are named by data-slot, for what comes behind the paint. @param {View} view */
  function fill(view) {
    const { data, parent, meta, body, actions } = view;
    const { author } = data;
    const name = author?.name || "";
    view.el.dataset.state = data.state || "published";
    const article = /** @type {HTMLElement} */ (body.parentNode);
    while (article.firstChild !== body) article.removeChild(/** @type {Node} */ (article.firstChild));
    article.setAttribute("aria-label", author ? t("list.by", { name }) : t("list.deleted"));
    if (!author) {
      clear(actions);
      clear(body, h("p", { class: "note" }, t("list.deleted")));
      return;
    }
    const url = safeUrl(author.url);
    const who = h("bdi", { class: "name", part: "author" }, name);
    clear(
      meta,
      h(url ? "a" : "span", { ...(url && { href: url, rel: "nofollow ugc noopener noreferrer", target: "_blank" }), class: "who", "data-slot": "author" }, who),
      data.kind && h("span", { class: "via", "data-slot": "kind" }, data.kind),
      link(view, "time", h("time", { datetime: data.time, part: "time" }, clock(data.time))),
      data.edited && h("span", { class: "quiet", "data-slot": "edited" }, t("list.edited")),
    );
    article.insertBefore(h("header", { class: "by" }, portrait(author), meta), body);
    // What stands no deeper than what it answers says so.
    const flat = parent && (view.depth > NESTED || view.depth <= parent.depth);
    if (parent?.data.author && (flat || view.depth >= NARROW)) {
      const words = t.rich("list.answers", { name: h("bdi", {}, parent.data.author.name) });
      article.insertBefore(h("p", { class: flat ? "to" : "to narrow" }, link(parent, "", ...words)), body);
    }
    clear(body, build(data.body, base));
    // What features put among the buttons stays where it is, and so does the keyboard.
    const answer = actions.querySelector(".reply");
    if (thread.info.open === false || data.state === "pending") answer?.remove();
    else if (!answer) actions.insertBefore(button(t("list.reply"), "reply", () => reply(view), { "aria-label": t("list.reply_to", { name }), "data-slot": "reply" }), actions.firstChild);
  }

  /** @param {Comment} data @param {View | null} parent @param {number} [depth] how deep it stands @returns {View} */
  function make(data, parent, depth = parent ? parent.depth + 1 : 0) {
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
