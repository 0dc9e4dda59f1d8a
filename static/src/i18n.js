/** Words in the page's language: which language, right plurals, values put in their places. */

/** @typedef {import("./types").Words} Words */

/**
 * The first of the wishes that we speak: `tag` for Intl, and `code`, the one of ours that is nearest ("zh-TW": zh-Hant,
 * "pt": pt-BR). English if none.
 * @param {(string | null | undefined)[]} wishes in falling order
 * @param {string} spoken the codes of languages besides English, separated by spaces
 * @returns {{tag: string, code: string}}
 */
export function language(wishes, spoken) {
  const codes = `en ${spoken}`.split(" ");
  for (const wish of wishes) {
    try {
      const locale = new Intl.Locale((wish || "").replace(/_/g, "-"));
      const { language: said, script, region } = locale.maximize();
      const name = said.replace(/^n[no]$/, "nb");
      const code = codes.find((one) => one === `${name}-${script}` || one === `${name}-${region}`) || codes.find((one) => one.split("-")[0] === name);
      if (code) return { tag: locale.baseName, code };
    } catch {
      // Not a language tag: the next wish.
    }
  }
  return { tag: "en", code: "en" };
}

/**
 * A language without a region has that of the first of the reader's languages that is the same: a British reader of an
 * "en" page gets no American dates. One with a script may be another one in writing.
 * @param {string} tag @param {readonly string[]} spoken by the reader
 */
export function regional(tag, spoken) {
  return spoken.find((one) => one.startsWith(`${tag}-`) && one.length < tag.length + 4) || tag;
}

/**
 * @param {string} tag
 * @param {Words} words of that language; may be filled later
 * @param {Words} english for what is missing
 * @returns {import("./types").Translate}
 */
export function translator(tag, words, english) {
  const plural = new Intl.PluralRules(tag);
  const number = new Intl.NumberFormat(tag);
  const fallback = { ...english };

  /** @param {string} key @param {import("./types").Vars} vars */
  const find = (key, vars) => {
    const word = words[key] ?? fallback[key] ?? key;
    return typeof word === "string" ? word : (word[plural.select(Number(vars.n))] ?? word.other ?? key);
  };
  /** @param {string} key @param {import("./types").Vars} vars */
  const rich = (key, vars) =>
    find(key, vars)
      .split(/(\{\w+\})/)
      .map((piece) => {
        const value = piece[0] === "{" ? vars[piece.slice(1, -1)] : piece;
        return typeof value === "number" ? number.format(value) : /** @type {string | Node} */ (value ?? "");
      });
  /** @param {string} key @param {import("./types").Vars} [vars] */
  const t = (key, vars = {}) => rich(key, vars).join("");
  t.rich = rich;
  t.add = (/** @type {Words} */ more) => void Object.assign(fallback, more);
  return /** @type {import("./types").Translate} */ (t);
}
