/** Changing and deleting one's own comments, in their places. */

/** @typedef {import("../types").View} View */

/**
 * @param {import("../types").KnownContext} context
 * @param {object} kit
 * @param {ReturnType<typeof import("./drafts.js").drafts>} kit.drafts
 * @param {ReturnType<typeof import("./bench.js").bench>["equip"]} kit.equip
 * @param {(why: string) => void} kit.ended the session is gone
 */
export function editor(context, { drafts, equip, ended }) {
  const { t, h, clear, button, guard, say, config, call, thread, put, sessions, own, drop, signal, why } = context;
  /** @param {View} view @param {string} [focus] the button to go back to */
  function close(view, focus) {
    clear(view.below);
    view.body.hidden = view.actions.hidden = false;
    if (focus) /** @type {HTMLElement | null} */ (view.actions.querySelector(focus))?.focus();
  }

  /** It was changed elsewhere: show what it says now above the text that is kept. @param {View} view @param {string} was
   * @returns {Promise<string | undefined>} the version it has now, if that can be known */
  async function catchUp(view, was) {
    const { id } = view.data;
    try {
      const query = { site: config.site, url: config.url, id: config.id, since: String(thread.info.version) };
      const news = (await call("threads", { query, fresh: true })).comments?.find((/** @type {any} */ one) => one.id === id);
      if (news) put(news);
    } catch {
      // It can be saved all the same: over whatever it says.
    }
    view.body.hidden = false;
    const now = view.data.edited || view.data.time;
    return now === was ? undefined : now;
  }

  /** @param {any} problem @param {HTMLElement} line @param {import("../types").Held | null} speaker */
  function trouble(problem, line, speaker) {
    if (problem?.name === "AbortError") return;
    clear(line, t.error(problem));
    if (problem.status === 401 && speaker) {
      sessions.forget(speaker.token);
      ended(why(problem));
    }
  }

  /** @param {View} view @param {string} raw what it says, as it was typed */
  function edit(view, raw) {
    const { id } = view.data;
    const box = `edit:${id}`;
    const text = h("textarea", { rows: 3, id: `cw-edit-${id}`, part: "textarea" });
    const kept = drafts.get(box);
    text.value = kept.text ?? raw;
    /** What is changed. */
    let was = kept.was || view.data.edited || view.data.time;
    const error = h("p", { class: "error", role: "alert" });
    const save = h("button", { type: "submit", part: "submit", class: "submit" }, t("write.save"));
    const leave = () => {
      drafts.put(box, null);
      end(".edit");
    };
    const end = (/** @type {string} */ focus = "") => {
      tools.leave();
      close(view, focus);
    };
    let busy = false;
    const submit = async () => {
      if (busy) return;
      const speaker = sessions.current();
      if (!speaker) return ended(t("sign.ended"));
      busy = true;
      clear(error);
      clear(save, t("write.sending"));
      try {
        const answer = await drafts.send(box, `${speaker.user.id} ${was} ${text.value}`, "PATCH", `comments/${id}`, () => ({ text: text.value, was: was || undefined }), speaker);
        end();
        own.remember(answer.comment);
        put(answer.comment);
        thread.update(answer.thread);
        say(t("write.saved"));
        view.el.tabIndex = -1;
        view.el.focus({ preventScroll: true });
      } catch (problem) {
        trouble(problem, error, speaker);
        if (/** @type {any} */ (problem).code === "comment.changed") {
          clear(error, t("write.changed"));
          was = (await catchUp(view, was || "")) || "";
          drafts.put(box, { text: text.value, open: true, was });
        }
      }
      busy = false;
      clear(save, t("write.save"));
    };
    const keys = (/** @type {KeyboardEvent} */ event) => {
      if (event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        guard(submit)();
      }
      if (event.key === "Escape") leave();
    };
    text.addEventListener("input", () => drafts.put(box, { text: text.value, open: true, was }));
    const label = h("label", { for: text.id, class: "unseen" }, t("write.edit_label"));
    const row = h("div", { class: "row" }, button(t("write.cancel"), "cancel", leave), save);
    const submitted = (/** @type {Event} */ event) => (event.preventDefault(), submit());
    const form = h("form", { class: "composer", part: "composer", submit: submitted }, label, text, error, row);
    const tools = equip({ form, text, row, name: box });
    form.addEventListener("keydown", guard(keys));
    clear(view.below, form);
    view.body.hidden = view.actions.hidden = true;
    text.focus();
  }

  /** Take it off, and leave the way back for as long as there is one. @param {View} view @param {number} until */
  function undo(view, until) {
    const { id } = view.data;
    const error = h("span", { class: "error", role: "alert" });
    const back = button(t("write.undo"), "undo", async () => {
      const speaker = sessions.current();
      if (!speaker) return ended(t("sign.ended"));
      try {
        const answer = await drafts.send(`undo:${id}`, speaker.user.id, "POST", `comments/${id}/restore`, () => undefined, speaker);
        own.remember(answer.comment);
        const again = put(answer.comment);
        // Where it stood, and not where new ones go.
        gone.parentNode?.replaceChild(again.el, gone);
        line.remove();
        thread.update(answer.thread);
        say(t("write.undone"));
        again.el.tabIndex = -1;
        again.el.focus({ preventScroll: true });
      } catch (problem) {
        trouble(problem, error, speaker);
      }
    });
    const line = h("p", { class: "row ask", part: "deleted" }, h("span", {}, t("write.deleted")), back, error);
    const gone = h("li", { class: "item", part: "deleted" });
    const place = view.el.nextSibling;
    const list = view.el.parentNode;
    drop(view);
    if (view.el.isConnected) view.below.appendChild(line);
    else {
      gone.appendChild(line);
      list?.insertBefore(gone, place);
    }
    back.focus();
    const over = () => {
      for (const one of [line, gone]) one.parentNode?.removeChild(one);
    };
    const timer = setTimeout(over, Math.min(Math.max(0, until - Date.now()), 2 ** 31 - 1));
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /** @param {View} view */
  function remove(view) {
    const { id } = view.data;
    const error = h("span", { class: "error", role: "alert" });
    const keep = button(t("write.keep"), "cancel", () => close(view, ".delete"));
    let busy = false;
    const sure = button(t("write.delete"), "confirm", async () => {
      if (busy) return;
      const speaker = sessions.current();
      if (!speaker) return ended(t("sign.ended"));
      busy = true;
      try {
        const answer = await drafts.send(`delete:${id}`, speaker.user.id, "DELETE", `comments/${id}`, () => undefined, speaker);
        drafts.put(`edit:${id}`, null);
        own.forget(id);
        close(view);
        undo(view, Date.parse(answer.until));
        thread.update(answer.thread);
        say(t("write.deleted"));
      } catch (problem) {
        trouble(problem, error, speaker);
      }
      busy = false;
    });
    view.actions.hidden = true;
    clear(view.below, h("p", { class: "row ask", role: "group" }, h("span", {}, t("write.sure")), keep, sure, error));
    keep.focus();
  }

  return { edit, remove };
}
