/** The two rows of a comment, which several features fill: each thing has its place, whoever comes first. */

/** The places in the order in which they are read. */
const META = "author badge provider kind time edited mark".split(" ");
const ACTIONS = "likes reply quote edit delete until continue menu".split(" ");

/**
 * Put something into its place in a comment's `meta` or `actions`, instead of what stood there; null takes it away. The
 * comment's new state empties `meta`, so that a feature's `visit` puts it there anew; `actions` it leaves alone but for a
 * deletion: what stays the same there is better not put again, as it would lose its focus.
 * @param {import("../types").View} view @param {import("../types").Slot} name
 * @param {HTMLElement | null | undefined | false | ""} [el]
 */
export function slot(view, name, el) {
  const order = ACTIONS.includes(name) ? ACTIONS : META;
  const row = order === META ? view.meta : view.actions;
  const rank = order.indexOf(name);
  /** @type {Element | null} */
  let next = null;
  for (const other of /** @type {HTMLElement[]} */ ([...row.children])) {
    const place = order.indexOf(other.dataset.slot || "");
    if (place === rank) row.removeChild(other);
    else if (place > rank) next ??= other;
  }
  if (!el) return;
  el.dataset.slot = name;
  row.insertBefore(el, next);
}
