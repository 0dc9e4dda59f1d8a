/** A word to the moderators about a comment: why, and in one's own words. */

const REASONS = ["spam", "abuse", "off_topic", "illegal", "other"];

/** @typedef {import("../types").View} View */

/** @param {import("../types").SocialContext} context */
export function attach({ t, h, clear, button, say, ask, store, sessions, flagged, sheet, enter, style, why }) {
  t.add(CW_FLAG_WORDS);
  style(CW_FLAG_CSS);
  /** What was chosen and typed, by comment: a dialog that was closed loses nothing. @type {Map<string, {reason: string, note: string}>} */
  const kept = new Map();

  /** @param {View} view */
  return async function flag(view) {
    const { id, author } = view.data;
    if (!sessions.current() && !(await enter(t("flag.title"), false, id))) return;
    const said = kept.get(id) || { reason: "", note: "" };
    const keep = () => void kept.set(id, { reason: chosen(), note: note.value });

    const radios = REASONS.map((reason) => {
      const radio = h("input", { type: "radio", name: `cw-flag-${id}`, value: reason, required: true, change: keep });
      radio.checked = reason === said.reason;
      return radio;
    });
    const chosen = () => radios.find((radio) => radio.checked)?.value || "";
    const note = h("textarea", { id: `cw-note-${id}`, rows: 3, maxlength: 1000, part: "textarea", input: keep });
    note.value = said.note;
    const wrong = h("p", { class: "error", role: "alert", id: `cw-note-${id}-error` });
    const error = h("p", { class: "error", role: "alert" });
    const send = h("button", { type: "submit", class: "submit", part: "submit" }, t("flag.send"));

    let busy = false;
    async function submit(/** @type {Event} */ event) {
      event.preventDefault();
      const speaker = sessions.current();
      if (busy || !speaker) return;
      busy = true;
      clear(wrong);
      clear(error);
      note.removeAttribute("aria-describedby");
      try {
        await ask(`comments/${id}/flags`, { method: "POST", body: { reason: chosen(), note: note.value.trim() || undefined }, key: store.random(24), held: speaker });
        kept.delete(id);
        flagged.add(id);
        // Seen by who sees, told to who does not.
        const done = h("p", { class: "done", tabindex: -1 }, t("flag.done"));
        clear(form, done, h("p", { class: "row" }, button(t("list.close"), "submit", () => close())));
        done.focus();
        say(t("flag.done"));
      } catch (/** @type {any} */ problem) {
        if (problem.status === 401) {
          sessions.forget(speaker.token);
          close();
          if (await enter(why(problem), false, id)) return flag(view);
        } else if (problem.details?.field === "note") {
          clear(wrong, t.error(problem));
          note.setAttribute("aria-describedby", wrong.id);
          note.focus();
        } else clear(error, t.error(problem));
      } finally {
        busy = false;
      }
    }

    // Nobody chose yet: the browser says so in its own words, beside the first of them.
    const form = h(
      "form",
      { class: "flag", submit },
      flagged.has(id) && h("p", { class: "note" }, t("flag.yours")),
      h("fieldset", {}, h("legend", { class: "quiet" }, t("list.by", { name: author?.name || "" })), ...radios.map((radio) => h("label", {}, radio, t(`flag.${radio.value}`)))),
      h("label", { for: note.id }, t("flag.note")),
      note,
      wrong,
      error,
      h("p", { class: "row" }, button(t("write.cancel"), "cancel", () => close()), send),
    );
    const { close } = sheet(t("flag.title"), [form]);
    (radios.find((radio) => radio.checked) || radios[0]).focus();
  };
}
