/** The tools' chunk: it follows the composer, which works without it. */
import { attach as makeBar } from "./bar.js";
import { find, grid } from "./emoji.js";
import { type } from "./marks.js";
import { offers } from "./offers.js";
import { preview } from "./preview.js";

/** Once for the conversation, before the first box gets its tools. @param {import("../types").KnownContext} context */
export function open({ t, style }) {
  t.add(CW_TOOL_WORDS);
  style(CW_TOOL_CSS);
}

/** @param {import("../types").KnownContext} context @param {import("../types").Box} box @returns {import("../types").Tool} */
export function attach(context, box) {
  const { text } = box;
  const bar = makeBar(context, box);
  bar.add("tool.emoji", "", () => signs.toggle());
  const shown = preview(context, box, bar.add);
  const signs = grid(context, box.bar, (sign) => {
    if (sign) type(text, sign);
    text.focus();
  });
  const { config, site, call } = context;
  const people = async (/** @type {string} */ word) => {
    try {
      const found = await call("threads/people", { query: { site: site.key, url: config.url, id: config.id, q: word } });
      return found.people.map((/** @type {{name: string}} */ { name }) => ({ label: name, insert: `@${name} ` }));
    } catch {
      return []; // one can type the name all the same
    }
  };
  const list = offers(context, box, [
    { label: "tool.people", at: /(?:^|[^\p{L}\p{N}_@/])(@(\p{L}[\p{L}\p{N}'’._-]{0,40}))$/u, find: people },
    { label: "tool.emojis", at: /(?:^|[^\p{L}\p{N}_:])(:([a-z0-9+_-]{2,30}))$/iu, find },
  ]);
  // Firefox cannot let a field be as high as its text.
  const grows = globalThis.CSS?.supports?.("field-sizing", "content");
  return {
    typed() {
      if (!grows) {
        text.style.height = "auto";
        if (text.scrollHeight) text.style.height = `${text.scrollHeight + 2}px`;
      }
      // An answer that has been posted leaves an empty text: there is nothing to preview any more.
      if (shown.open() && !text.value) shown.close();
      list.typed?.();
    },
    key: (event) => !!list.key?.(event) || !!bar.key?.(event),
  };
}
