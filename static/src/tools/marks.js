/** Changes to what is typed, made as typing makes them: the browser's own undo takes them back. */

/** @param {HTMLTextAreaElement} text @param {string} words instead of what is chosen, or at the cursor */
export function type(text, words) {
  text.focus();
  // The one way that keeps the browser's undo; where it does nothing, the text is set.
  if (document.execCommand?.("insertText", false, words)) return;
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put marks around what is chosen, or take them off. @param {HTMLTextAreaElement} text @param {string} mark @param {string} words where nothing is chosen */
export function around(text, mark, words) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const size = mark.length;
  const off = value.slice(from - size, from) === mark && value.slice(to, to + size) === mark && (size > 1 || value[from - 2] !== mark || value[to + 1] !== mark);
  const inside = value.slice(from, to) || (off ? "" : words);
  if (off) text.setSelectionRange(from - size, to + size);
  type(text, off ? inside : mark + inside + mark);
  const start = off ? from - size : from + size;
  text.setSelectionRange(start, start + inside.length);
}

/** Begin each chosen line with `mark`, or take it off where all have it. @param {HTMLTextAreaElement} text @param {string} mark */
export function lines(text, mark) {
  const { value } = text;
  const from = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const end = value.indexOf("\n", text.selectionEnd);
  const to = end < 0 ? value.length : end;
  const all = value.slice(from, to).split("\n");
  const off = all.every((line) => line.startsWith(mark));
  text.setSelectionRange(from, to);
  type(text, all.map((line) => (off ? line.slice(mark.length) : mark + line)).join("\n"));
}

/** @param {HTMLTextAreaElement} text @param {string} words where nothing is chosen @param {string} [before] "!" for a picture */
export function link(text, words, before = "") {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const said = value.slice(from, to);
  const address = /^https?:\/\/\S+$/.test(said);
  const label = address ? words : said || words;
  type(text, `${before}[${label}](${address ? said : "https://"})`);
  const at = from + before.length + 1;
  // What is still to be said is chosen, to be typed over.
  if (address || !said) text.setSelectionRange(at, at + label.length);
  else text.setSelectionRange(at + label.length + 2, at + label.length + 10);
}

/** Code in its line, or a block where lines are chosen. @param {HTMLTextAreaElement} text @param {string} words */
export function code(text, words) {
  const said = text.value.slice(text.selectionStart, text.selectionEnd);
  if (said.includes("\n")) type(text, `\`\`\`\n${said}\n\`\`\`\n`);
  else around(text, "`", words);
}
