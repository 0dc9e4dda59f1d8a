/** A menu under its button, above everything else on the page; one at a time. */

const GAP = 4;
const EDGE = 8;

/** @typedef {import("../types").Choice} Choice */

/**
 * @param {import("../types").KnownContext} context
 * @returns {import("../types").Social["menu"]}
 */
export function popup({ h, clear, guard, root, signal }) {
  /** @type {{opener: HTMLElement, close(back?: boolean): void} | null} */
  let standing = null;

  return (opener, label, choices, last = false) => {
    const before = standing;
    before?.close();
    if (before?.opener === opener) return null;

    const life = new AbortController();
    const list = h("div", { class: "pop", part: "menu", role: "menu", "aria-label": label, popover: "manual", keydown, focusout });
    const rows = () => /** @type {HTMLElement[]} */ ([...list.children]);

    /** @param {boolean} [back] whether the keyboard goes back to the button */
    function close(back) {
      if (life.signal.aborted) return;
      life.abort();
      standing = null;
      opener.removeAttribute("aria-expanded");
      if (back) opener.focus({ preventScroll: true });
      list.remove();
    }

    /** @param {Choice} choice */
    function add({ words, sign, checked, act, stays }) {
      const props = checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": String(checked) };
      const press = async () => {
        if (!stays) close(true);
        const said = /** @type {any} */ (await act());
        // Its answer stands where the press was, for as long as the menu does.
        if (stays && said) clear(row, said);
        else close(true);
      };
      const row = h("button", { type: "button", ...props, tabindex: -1, click: press }, sign && h("span", { class: "sign", "aria-hidden": "true" }, sign), words);
      list.appendChild(row);
      place();
    }

    function keydown(/** @type {KeyboardEvent} */ event) {
      const all = rows();
      const at = all.indexOf(/** @type {HTMLElement} */ (root.activeElement));
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (event.key === "Tab") return close(true); // and the page goes on from the button
      if (to === undefined && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (to === undefined) close(true);
      else all[(to + all.length) % all.length].focus();
    }

    function focusout(/** @type {FocusEvent} */ { relatedTarget: to }) {
      if (to && to !== opener && !list.contains(/** @type {Node} */ (to))) close();
    }

    /** Below the button, or above it where there is more room; at its beginning, and within the window. */
    function place() {
      if (!opener.isConnected) return close();
      const at = opener.getBoundingClientRect();
      const { width, height } = list.getBoundingClientRect();
      const [wide, high] = [document.documentElement.clientWidth, innerHeight];
      if (at.bottom < 0 || at.top > high) return close();
      const left = getComputedStyle(opener).direction === "rtl" ? at.right - width : at.left;
      const below = at.bottom + GAP;
      const top = below + height > high - EDGE && at.top - GAP - height > EDGE ? at.top - GAP - height : below;
      list.style.left = `${Math.max(EDGE, Math.min(left, wide - width - EDGE))}px`;
      list.style.top = `${top}px`;
    }

    const moved = { capture: true, passive: true, signal: life.signal };
    addEventListener("scroll", guard(place), moved);
    addEventListener("resize", guard(place), moved);
    const outside = (/** @type {Event} */ event) => {
      const path = event.composedPath();
      if (!path.includes(list) && !path.includes(opener)) close();
    };
    addEventListener("pointerdown", guard(outside), moved);
    signal.addEventListener("abort", () => close(), { signal: life.signal });

    standing = { opener, close };
    opener.setAttribute("aria-expanded", "true");
    /** @type {HTMLElement} */ (root.querySelector(".cw")).appendChild(list);
    list.showPopover?.();
    for (const choice of choices) if (choice) add(choice);
    rows()[last ? list.children.length - 1 : 0]?.focus({ preventScroll: true });
    return (choice) => {
      if (!life.signal.aborted) add(choice);
    };
  };
}
