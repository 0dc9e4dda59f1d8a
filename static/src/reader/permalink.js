/** #comment-ID: the one comment a link speaks of is brought into view and marked. */

/** @typedef {import("../types").View} View */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach({ root, thread, guard, signal }) {
  /** @param {View} view @param {"target" | "fresh"} [mark] fresh: it has just been made, and the mark fades */
  function reveal({ el }, mark = "target") {
    root.querySelector(".target")?.classList.remove("target");
    el.classList.add(mark);
    el.tabIndex = -1;
    el.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const block = mark === "fresh" ? "nearest" : "start";
    (el.firstElementChild || el).scrollIntoView({ behavior: calm ? "auto" : "smooth", block });
  }

  /** Go where the page's address points, if it is here. */
  function aim() {
    const view = thread.views.get(location.hash.replace("#comment-", ""));
    if (view) reveal(view);
  }

  root.addEventListener(
    "click",
    guard((event) => {
      const link = /** @type {Element} */ (event.target).closest("[part=permalink]");
      const hash = /** @type {HTMLAnchorElement | null} */ (link)?.hash;
      if (!hash || !thread.views.has(hash.slice(9)) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      // The canonical address may differ from the one in the bar: moving there would load the page again.
      event.preventDefault();
      history.replaceState(history.state, "", hash);
      aim();
    }),
    { signal },
  );
  addEventListener("hashchange", guard(aim), { signal });
  return {
    arrived(_, first) {
      if (first) aim();
    },
    gives: { reveal },
  };
}
