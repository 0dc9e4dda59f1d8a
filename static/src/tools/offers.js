/** What may be meant while one types `@An` or `:ta`: a list under the text, chosen from by keys or by touch. */
import { type } from "./marks.js";

/** @typedef {{label: string, sign?: string, insert: string}} Offer */

let made = 0;

/**
 * @param {import("../types").KnownContext} context
 * @param {import("../types").Box} box
 * @param {{label: string, at: RegExp, find(word: string): Promise<Offer[]> | Offer[]}[]} kinds `at` ends at the cursor; its
 *   first group is what is replaced, its second the word that is looked for
 * @returns {import("../types").Tool}
 */
export function offers({ t, h, clear, guard }, { text }, kinds) {
  const list = h("ul", { class: "offers", role: "listbox", part: "offers", id: `cw-offers-${++made}`, hidden: true });
  text.parentNode?.insertBefore(list, text.nextSibling);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", list.id);
  /** @type {Offer[]} */
  let all = [];
  let chosen = 0;
  let turn = 0;
  let from = 0;
  let composing = false;

  function close() {
    turn++;
    all = [];
    list.hidden = true;
    clear(list);
    text.removeAttribute("aria-activedescendant");
  }
  /** @param {number} nth */
  function choose(nth) {
    chosen = (nth + all.length) % all.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    text.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView?.({ block: "nearest" });
  }
  /** @param {number} nth */
  function take(nth) {
    const { insert } = all[nth];
    const to = text.selectionStart;
    close();
    text.setSelectionRange(from, to);
    type(text, insert);
    close();
  }
  const look = guard(async () => {
    const mine = ++turn;
    const before = text.value.slice(0, text.selectionStart);
    for (const { at, label, find } of kinds) {
      const found = text.selectionStart === text.selectionEnd && at.exec(before);
      if (!found) continue;
      const offered = (await find(found[2])).slice(0, 8);
      if (mine !== turn) return;
      if (!offered.length) return close();
      all = offered;
      from = before.length - found[1].length;
      list.setAttribute("aria-label", t(label));
      const item = (/** @type {Offer} */ one, /** @type {number} */ nth) =>
        h(
          "li",
          { role: "option", id: `${list.id}-${nth}`, mousedown: (/** @type {Event} */ event) => event.preventDefault(), click: () => take(nth) },
          one.sign && h("span", { "aria-hidden": "true" }, one.sign),
          h("bdi", {}, one.label),
        );
      clear(list, ...all.map(item));
      list.hidden = false;
      return choose(0);
    }
    close();
  });
  text.addEventListener("blur", close);
  text.addEventListener("compositionstart", () => (composing = true));
  text.addEventListener("compositionend", () => {
    composing = false;
    look();
  });

  return {
    typed() {
      if (!composing) look();
    },
    key(event) {
      if (!all.length || event.target !== text || event.isComposing || event.ctrlKey || event.metaKey) return false;
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(chosen);
      else if (event.key === "Escape") close();
      else return false;
      return true;
    },
  };
}
