/** #comment-ID: the one comment a link speaks of is brought into view and marked, wherever in the conversation it is. */

/** @typedef {import("../types").View} View */

/** @param {import("../types").ReaderContext} context @returns {import("../types").Feature} */
export function attach(context) {
  const { root, thread, guard, signal, chunk } = context;
  /** @param {View} view @param {"target" | "fresh"} [mark] fresh: it has just been made, and the mark fades */
  function reveal(view, mark = "target") {
    const { el } = view;
    context.unfold?.(view);
    root.querySelector(".target")?.classList.remove("target");
    el.classList.add(mark);
    el.tabIndex = -1;
    el.focus({ preventScroll: true });
    const near = mark === "fresh";
    const calm = !near || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const go = () => (el.firstElementChild || el).scrollIntoView({ behavior: calm ? "auto" : "smooth", block: near ? "nearest" : "start" });
    go();
    // What lies between was not laid out yet: its height shows on the way.
    if (!near) requestAnimationFrame(() => requestAnimationFrame(go));
  }

  /** The part that shows one conversation on its own. @returns {Promise<import("../types").Alone>} */
  const one = () => chunk(CW_ONE, ({ attach: make }) => make(context));

  /** Go where the page's address points: here, or in a conversation that is not shown yet. */
  async function aim() {
    const [, id] = /^#comment-([\w-]{1,64})$/.exec(location.hash) || [];
    const view = thread.views.get(id);
    if (view) {
      if (!thread.alone) root.querySelector("[part=one]")?.remove();
      return reveal(view);
    }
    if (id) return (await one()).show(id);
    if (thread.alone) (await one()).leave();
  }

  root.addEventListener(
    "click",
    guard((event) => {
      const link = /** @type {Element} */ (event.target).closest("[part=permalink]");
      const hash = /** @type {HTMLAnchorElement | null} */ (link)?.hash;
      if (!hash || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      // The canonical address may differ from the one in the bar: moving there would load the page again.
      event.preventDefault();
      history.replaceState(history.state, "", hash);
      return aim();
    }),
    { signal },
  );
  addEventListener("hashchange", guard(aim), { signal });
  return {
    arrived(_, first) {
      if (first) guard(aim)();
    },
    gives: {
      reveal,
      async alone(id) {
        // A step of its own, so that "back" leads back.
        history.pushState(history.state, "", `#comment-${id}`);
        await (await one()).show(id);
      },
    },
  };
}
