/** The row of buttons above the text: one stop for the keyboard, arrows within. */
import { around, code, lines, link } from "./marks.js";

/** Drawn and not typed: not every font has such signs. On 24 by 24, in the colour of the text. @type {Record<string, string>} */
const DRAWN = {
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  quote: "M5 6v12M10 8h9M10 12h9M10 16h6",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  list: "M5 7h.01M5 12h.01M5 17h.01M10 7h9M10 12h9M10 17h9",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  emoji: "M12 3a9 9 0 1 0 .01 0M9 10h.01M15 10h.01M8 14a4.5 4.5 0 0 0 8 0",
};
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} path */
function draw(path) {
  const icon = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  icon.appendChild(line);
  return icon;
}

const APPLE = /Mac|iP(hone|ad|od)/.test(navigator.platform || "");

/**
 * @param {import("../types").KnownContext} context
 * @param {import("../types").Box} box
 * @returns {import("../types").Tool & {add(key: string, sign: string, act: () => unknown): HTMLElement}}
 */
export function attach({ t, h, button, site }, { text, bar }) {
  const row = h("div", { class: "toolbar", role: "toolbar", part: "tools", "aria-label": t("tool.bar"), "aria-controls": text.id, title: t("tool.markdown") });
  /** @type {HTMLElement[]} */
  const buttons = [];
  /** @type {Map<string, () => unknown>} */
  const keys = new Map();

  /** @param {string} key of its word @param {string} sign what it shows @param {() => unknown} act @param {string} [short] with Ctrl or ⌘ */
  function add(key, sign, act, short) {
    const words = t(key);
    const how = short && (APPLE ? short.replace("Shift+", "⇧").replace(/^/, "⌘") : `Ctrl+${short}`);
    const one = button(sign, "tool", act, {
      "aria-label": words,
      title: how ? `${words} (${how})` : words,
      "aria-keyshortcuts": short && `${APPLE ? "Meta" : "Control"}+${short}`,
      class: `tool is-${key.slice(5)}`,
      tabindex: buttons.length ? -1 : 0,
      // The keyboard of a phone stays where it is.
      mousedown: (/** @type {Event} */ event) => event.preventDefault(),
    });
    const path = DRAWN[key.slice(5)];
    if (path) one.appendChild(draw(path));
    buttons.push(one);
    row.appendChild(one);
    if (short) keys.set(short.toLowerCase(), act);
    return one;
  }

  /** @param {HTMLElement} one */
  const stop = (one) => buttons.forEach((other) => (other.tabIndex = other === one ? 0 : -1));
  row.addEventListener("focusin", (event) => stop(/** @type {HTMLElement} */ (event.target)));
  row.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const on = row.matches(":dir(rtl)") ? -1 : 1;
    const moves = /** @type {Record<string, number>} */ ({ ArrowRight: at + on, ArrowLeft: at - on, Home: 0, End: buttons.length - 1 });
    if (at < 0 || !(event.key in moves)) return;
    event.preventDefault();
    buttons[(moves[event.key] + buttons.length) % buttons.length].focus();
  });

  add("tool.bold", "B", () => around(text, "**", t("tool.text")), "B");
  add("tool.italic", "I", () => around(text, "*", t("tool.text")), "I");
  add("tool.link", "", () => link(text, t("tool.link_text")), "K");
  add("tool.quote", "", () => lines(text, "> "), "Shift+.");
  add("tool.code", "", () => code(text, t("tool.text")), "E");
  add("tool.list", "", () => lines(text, "- "), "Shift+8");
  if (/** @type {any} */ (site).images) add("tool.image", "", () => link(text, t("tool.text"), "!"));
  bar.appendChild(row);

  return {
    add,
    key(event) {
      if (event.target !== text || event.isComposing || event.altKey || !(APPLE ? event.metaKey : event.ctrlKey)) return false;
      // By the place of the key where its sign is another one with Shift.
      const sign = event.shiftKey ? `shift+${/** @type {Record<string, string>} */ ({ Period: ".", Digit8: "8" })[event.code] || ""}` : event.key.toLowerCase();
      const act = keys.get(sign);
      act?.();
      return !!act;
    },
  };
}
