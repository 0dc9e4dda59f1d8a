/** A comment's body: from the server's node tree to elements, through one allow-list. Nothing else makes elements of what people wrote. */
import { safeUrl } from "./dom.js";

const TAGS = new Set("p br hr strong em b i s del u q cite sub sup abbr code pre blockquote ul ol li a".split(" "));
const DEPTH = 24;
const NODES = 20000;

/** @param {HTMLElement} el @param {string} tag @param {Record<string, unknown>} attrs */
function dress(el, tag, attrs) {
  if (tag === "a") {
    const href = safeUrl(attrs.href, "http: https: mailto:");
    if (href) {
      el.setAttribute("href", href);
      el.setAttribute("rel", "nofollow ugc noopener noreferrer");
      el.setAttribute("target", "_blank");
    }
  }
  if ((tag === "a" || tag === "abbr") && typeof attrs.title === "string") el.setAttribute("title", attrs.title);
  if (tag === "ol" && Number.isInteger(attrs.start)) el.setAttribute("start", String(attrs.start));
}

/**
 * Build `nodes` into a fragment. A node is a string or [tag, {attrs}?, ...nodes]. Unknown tags and levels below the
 * 24th leave their text behind; anything that is no node is skipped; after 20,000 nodes it ends. It never throws and
 * never recurses, however deep the tree.
 * @param {unknown} nodes
 * @returns {DocumentFragment}
 */
export function build(nodes) {
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
    const fits = TAGS.has(tag) && level.depth < DEPTH;
    const into = fits ? document.createElement(tag) : level.into;
    if (fits) {
      dress(/** @type {HTMLElement} */ (into), tag, attrs || {});
      level.into.appendChild(into);
    }
    stack.push({ list: node, at: attrs ? 2 : 1, into, depth: level.depth + (fits ? 1 : 0) });
  }
  return top;
}
