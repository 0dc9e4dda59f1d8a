/** Elements without markup strings: the only place where the embed makes any. */

/** What goes wrong in here is told to the console and never thrown into the host page. @param {unknown} problem */
export function report(problem) {
  if (/** @type {{name?: string}} */ (problem)?.name !== "AbortError") console.warn("comment-widget:", problem);
}

/**
 * The same function, but its errors and refused promises end in `report`.
 * @template {(...args: any[]) => any} F
 * @param {F} work
 * @returns {(...args: Parameters<F>) => ReturnType<F> | undefined}
 */
export function guard(work) {
  return (...args) => {
    try {
      const answer = work(...args);
      if (answer?.catch) answer.catch(report);
      return answer;
    } catch (problem) {
      report(problem);
    }
  };
}

/**
 * Make an element. A property that is a function listens to the event of its name; false, null and undefined are left
 * out; everything else becomes an attribute. Children that are null or false are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const name of Object.keys(props)) {
    const value = props[name];
    if (typeof value === "function") el.addEventListener(name, guard(/** @type {() => void} */ (value)));
    else if (value != null && value !== false) el.setAttribute(name, value === true ? "" : String(value));
  }
  clear(el, ...children);
  return el;
}

/**
 * A real button; its part is its public name for styling.
 * @param {string} words
 * @param {string} part
 * @param {(event: Event) => unknown} click
 * @param {Record<string, unknown>} [props]
 */
export function button(words, part, click, props = {}) {
  return h("button", { type: "button", part, class: part, click, ...props }, words);
}

/**
 * Empty an element and fill it anew.
 * @param {Node} el
 * @param {...(Node | string | null | undefined | false)} children
 */
export function clear(el, ...children) {
  while (el.lastChild) el.removeChild(el.lastChild);
  for (const child of children) {
    if (child != null && child !== false) el.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

/**
 * A web address that may be linked or shown, else "".
 * @param {unknown} value
 * @param {string} [schemes] protocols as URL writes them, separated by spaces
 * @param {string} [base]
 */
export function safeUrl(value, schemes = "http: https:", base) {
  try {
    const url = new URL(String(value), base);
    return schemes.split(" ").includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}
