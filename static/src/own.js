/** What is the reader's own in this conversation: comments that wait, and the edit and delete of those still young enough. */

import { ended as because } from "./session.js";

/** @typedef {import("./types").Context} Context */
/** @typedef {import("./types").View} View */

/**
 * @param {Context} context
 * @param {object} kit
 * @param {import("./types").Site} kit.site
 * @param {ReturnType<typeof import("./drafts.js").drafts>} kit.drafts
 * @param {ReturnType<typeof import("./session.js").sessions>} kit.sessions
 * @param {import("./types").Ask} kit.ask
 * @param {(why: string) => void} kit.ended the session is gone
 */
export function own(context, { site, drafts, sessions, ask: request, ended }) {
  const { t, h, clear, button, guard, say, config, thread, signal } = context;
  /** @type {Map<string, {until: string, raw: string}>} */
  const mine = new Map();

  /** Milliseconds left to change it. @param {string} id */
  const room = (id) => Date.parse(mine.get(id)?.until || "") - Date.now();

  /** Set the two buttons on a comment, or take them off. @param {View} view */
  function dress(view) {
    const { id } = view.data;
    for (const old of [...view.actions.querySelectorAll(".own")]) view.actions.removeChild(old);
    if (!(room(id) > 0) || !view.data.author) return;
    view.actions.appendChild(h("span", { class: "own" }, button(t("write.edit"), "edit", () => edit(view)), button(t("write.delete"), "delete", () => ask(view))));
  }

  /** @param {View} view */
  function close(view) {
    clear(view.below);
    view.body.hidden = view.actions.hidden = false;
  }

  /** @param {any} problem @param {HTMLElement} line @param {import("./types").Held | null} speaker */
  function trouble(problem, line, speaker) {
    if (problem?.name === "AbortError") return;
    clear(line, t.error(problem));
    if (problem.status === 401 && speaker) {
      sessions.forget(speaker.token);
      ended(because(t, problem));
    }
  }

  /** @param {View} view */
  function edit(view) {
    const { id } = view.data;
    const box = `edit:${id}`;
    const text = h("textarea", { rows: 3, id: `cw-edit-${id}`, part: "textarea" });
    text.value = drafts.get(box).text ?? mine.get(id)?.raw ?? "";
    const error = h("p", { class: "error", role: "alert" });
    const save = h("button", { type: "submit", part: "submit", class: "submit" }, t("write.save"));
    const leave = () => {
      drafts.put(box, null);
      close(view);
      /** @type {HTMLElement | null} */ (view.actions.querySelector(".edit"))?.focus();
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
        const answer = await drafts.send(box, `${speaker.user.id} ${text.value}`, "PATCH", `comments/${id}`, () => ({ text: text.value }), speaker);
        close(view);
        remember(answer.comment);
        thread.put(answer.comment);
        thread.update(answer.thread);
        say(t("write.saved"));
        view.el.tabIndex = -1;
        view.el.focus({ preventScroll: true });
      } catch (problem) {
        trouble(problem, error, speaker);
      }
      busy = false;
      clear(save, t("write.save"));
    };
    const keys = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        guard(submit)();
      }
      if (event.key === "Escape") leave();
    };
    text.addEventListener("input", () => drafts.put(box, { text: text.value, open: true }));
    const label = h("label", { for: text.id, class: "unseen" }, t("write.edit_label"));
    const form = h(
      "form",
      { class: "composer", part: "composer", keydown: keys, submit: (/** @type {Event} */ event) => (event.preventDefault(), submit()) },
      ...[label, text, error, h("p", { class: "row" }, button(t("write.cancel"), "cancel", leave), save)],
    );
    clear(view.below, form);
    view.body.hidden = view.actions.hidden = true;
    text.focus();
  }

  /** @param {View} view */
  function ask(view) {
    const { id } = view.data;
    const error = h("span", { class: "error", role: "alert" });
    const keep = button(t("write.keep"), "cancel", () => {
      close(view);
      /** @type {HTMLElement | null} */ (view.actions.querySelector(".delete"))?.focus();
    });
    let busy = false;
    const sure = button(t("write.delete"), "confirm", async () => {
      if (busy) return;
      const speaker = sessions.current();
      if (!speaker) return ended(t("sign.ended"));
      busy = true;
      try {
        const answer = await drafts.send(`delete:${id}`, speaker.user.id, "DELETE", `comments/${id}`, () => undefined, speaker);
        drafts.put(`edit:${id}`, null);
        mine.delete(id);
        close(view);
        drop(view);
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

  /** @param {import("./types").Comment} comment as its author got it */
  function remember(comment) {
    if (comment.until && comment.raw !== undefined) mine.set(comment.id, { until: comment.until, raw: comment.raw });
  }

  /** Take a comment off, or leave a tombstone where answers hang on it. @param {View} view */
  function drop({ data, el }) {
    const { id, parent, time, replies } = data;
    if ([...thread.views.values()].some((other) => other.data.parent === id)) thread.put({ id, parent, time, replies, state: "deleted" });
    else {
      thread.views.delete(id);
      el.parentNode?.removeChild(el);
    }
  }

  /** A comment's buttons go when its time is over. */
  function expire() {
    for (const id of mine.keys()) {
      const view = thread.views.get(id);
      if (view && !(room(id) > 0)) dress(view);
    }
  }

  /** Ask what is the speaker's own, and show it. */
  async function overlay() {
    const speaker = sessions.current();
    mine.clear();
    for (const view of [...thread.views.values()]) {
      if (view.data.state === "pending") drop(view);
      else dress(view);
    }
    if (!speaker) return;
    try {
      const query = { site: site.key, url: config.url, id: config.id };
      const answer = await request("me/comments", { query, held: speaker, fresh: true });
      if (sessions.current()?.token !== speaker.token) return;
      for (const one of answer.comments) mine.set(one.id, one);
      for (const one of answer.pending || []) {
        remember(one);
        thread.put(one);
      }
      for (const one of answer.comments) {
        const view = thread.views.get(one.id);
        if (!view) continue;
        dress(view);
        const draft = drafts.get(`edit:${one.id}`);
        if (draft.open && draft.text !== undefined && draft.text !== one.raw) edit(view);
      }
    } catch (problem) {
      // Without it the page only lacks two buttons; a session that has ended is told at once.
      if (/** @type {any} */ (problem).status !== 401) throw problem;
      sessions.forget(speaker.token);
    }
  }

  thread.each(dress);
  const pulse = setInterval(guard(expire), 5_000);
  signal.addEventListener("abort", () => clearInterval(pulse));
  return { overlay, remember, dress };
}
