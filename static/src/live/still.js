/** Changes that do not move what is being read. Browsers that hold it by themselves find nothing left to do. */

/** Who scrolls: the element around `el` that does, else the document. @param {Element} el */
function scroller(el) {
  for (let at = el.parentElement; at && at !== document.body; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.scrollingElement || document.documentElement;
}

/**
 * Do `work`, after which the first comment in view stands where it stood.
 * @param {Element} el the widget
 * @param {Iterable<{el: Element}>} views what is shown, in any order
 * @param {() => void} work
 */
export function still(el, views, work) {
  /** @type {Element | null} */
  let anchor = null;
  let before = Infinity;
  for (const view of views) {
    const article = view.el.firstElementChild || view.el;
    const { top, height } = article.getBoundingClientRect();
    if (height && top >= 0 && top < before && top < innerHeight) [anchor, before] = [article, top];
  }
  work();
  const moved = anchor?.isConnected ? anchor.getBoundingClientRect().top - before : 0;
  if (Math.abs(moved) >= 1) scroller(el).scrollBy({ top: moved, behavior: "instant" });
}
