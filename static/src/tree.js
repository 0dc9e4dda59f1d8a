/** A comment's body: from the server's node tree to elements, through one allow-list. Nothing else makes elements of what people wrote. */
import { safeUrl } from "./dom.js";

const TAGS = new Set("p br hr strong em b i s del u q cite sub sup abbr code pre blockquote ul ol li a span img".split(" "));
/** Elements that are nothing without this: people who are named and pieces of code (core/nodes.py), pictures by their hash. */
const NEEDS = /** @type {Record<string, [string, RegExp]>} */ ({ span: ["class", /^(at|[kscnmodi])$/], img: ["src", /^[0-9a-f]{40}$/] });
const NUMBER = /^-?\d{1,9}$/;
const DEPTH = 24;
const NODES = 20000;

/** @param {HTMLElement} el @param {string} tag @param {Record<string, unknown>} attrs @param {string} base */
function dress(el, tag, attrs, base) {
  const number = (/** @type {string} */ name) => NUMBER.test(String(attrs[name])) && el.setAttribute(name, String(attrs[name]));
  if (tag === "a") {
    const href = safeUrl(attrs.href, "http: https: mailto:");
    if (href) {
      el.setAttribute("href", href);
      el.setAttribute("rel", "nofollow ugc noopener noreferrer");
      el.setAttribute("target", "_blank");
    }
  }
  if ((tag === "a" || tag === "abbr") && typeof attrs.title === "string") el.setAttribute("title", attrs.title);
  if (tag === "ol") number("start");
  if (tag === "span") el.className = String(attrs.class);
  if (tag === "img") {
    const { alt } = attrs;
    Object.assign(el, { alt: typeof alt === "string" ? alt : "", loading: "lazy", decoding: "async", referrerPolicy: "no-referrer" });
    ["width", "height"].forEach(number);
    el.setAttribute("src", new URL(`pictures/${attrs.src}`, base).href);
  }
}

/**
 * Build `nodes` into a fragment. A node is a string or [tag, {attrs}?, ...nodes]. Unknown tags and levels below the
 * 24th leave their text behind; anything that is no node is skipped; after 20,000 nodes it ends. It never throws and
 * never recurses, however deep the tree. Pictures come from `base`, the server's address, alone.
 * @param {unknown} nodes
 * @param {string} base
 * @returns {DocumentFragment}
 */
export function build(nodes, base) {
  const top = document.createDocumentFragment();
  /** @type {{list: unknown[], at: number, into: Node, depth: number}[]} */
  const stack = Array.isArray(nodes) ? [{ list: nodes, at: 0, into: top, depth: 0 }] : [];
  for (let left = NODES; stack.length && left; ) {
    const level = stack[stack.length - 1];
    if (level.at >= level.list.length) {
      stack.pop();
      continue;
    }
    left--;
    const node = level.list[level.at++];
    if (typeof node === "string") level.into.appendChild(document.createTextNode(node));
    if (!Array.isArray(node)) continue;
    const [tag, second] = node;
    const attrs = second && typeof second === "object" && !Array.isArray(second) ? second : null;
    const needs = Object.hasOwn(NEEDS, tag) && NEEDS[tag];
    const fits = TAGS.has(tag) && level.depth < DEPTH && (!needs || needs[1].test(String(attrs?.[needs[0]])));
    const into = fits ? document.createElement(tag) : level.into;
    if (fits) {
      dress(/** @type {HTMLElement} */ (into), tag, attrs || {}, base);
      level.into.appendChild(into);
    }
    stack.push({ list: node, at: attrs ? 2 : 1, into, depth: level.depth + (fits ? 1 : 0) });
  }
  return top;
}
