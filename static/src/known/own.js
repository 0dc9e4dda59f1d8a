/** What is the reader's own in this conversation: comments that wait, and the edit and delete of those still young enough. */

/** @typedef {import("../types").View} View */

const HOUR = 3_600_000;
/** Milliseconds between two looks at what the reader may have done in another tab. */
const REST = 10_000;

/** @param {import("../types").KnownContext} context @returns {import("../types").Feature} */
export function attach({ t, h, button, slot, guard, config, thread, put, site, sessions, ask, kept, every, drop, write, signal }) {
  /** `at`: when it was told here. @type {Map<string, {until: string, raw: string, at: number}>} */
  const mine = new Map();
  /** When it was last asked for. */
  let asked = 0;
  let planned = false;

  /** Milliseconds left to change it. @param {string} id */
  const room = (id) => Date.parse(mine.get(id)?.until || "") - Date.now();

  /** @param {View} view */
  const edit = async (view) => (await write()).edit(view, mine.get(view.data.id)?.raw || "");
  /** @param {View} view */
  const remove = async (view) => (await write()).remove(view);

  /** How long it can still be changed, once that is within the hour; to the second in the last minute. Not read out as it
   * runs: who wants to know comes across it beside the buttons. @param {View} view @param {boolean} yes */
  function count(view, yes) {
    const left = room(view.data.id);
    const seconds = Math.ceil(left / 1000);
    const words = yes && left < HOUR ? (seconds > 60 ? t("write.minutes", { n: Math.ceil(left / 60_000) }) : t("write.seconds", { n: seconds })) : "";
    const line = view.actions.querySelector(".until");
    if (!line || !words) slot(view, "until", words && h("span", { class: "until quiet", part: "until", role: "timer" }, words));
    else if (line.textContent !== words) line.textContent = words;
  }

  /** Say that it waits; set the two buttons on it, or take them off. @param {View} view */
  function visit(view) {
    if (view.data.state === "pending" && !view.el.querySelector(":scope > article > [part=notice]")) view.body.parentNode?.insertBefore(h("p", { class: "note", part: "notice" }, t("list.pending")), view.body);
    const yes = room(view.data.id) > 0 && !!view.data.author;
    count(view, yes);
    if (yes === !!view.actions.querySelector(".edit")) return;
    slot(view, "edit", yes && button(t("write.edit"), "edit", () => edit(view)));
    slot(view, "delete", yes && button(t("write.delete"), "delete", () => remove(view)));
  }

  /** @param {Pick<import("../types").Comment, "id" | "until" | "raw">} comment as its author got it */
  function remember(comment) {
    if (comment.until && comment.raw !== undefined) mine.set(comment.id, { until: comment.until, raw: comment.raw, at: performance.now() });
  }

  /** Ask what is the speaker's own, and show it. @param {boolean} [again] the same person's: what stands there stays */
  async function overlay(again = false) {
    const speaker = sessions.current();
    const { views } = thread;
    if (!again) mine.clear();
    for (const view of again ? [] : [...views.values()]) {
      if (view.data.state === "pending") drop(view);
      else visit(view);
    }
    if (!speaker) return thread.tell((one) => one.mine?.(null));
    const began = (asked = performance.now());
    try {
      const query = { site: site.key, url: config.url, id: config.id };
      const answer = await ask("me/comments", { query, held: speaker, fresh: true });
      if (sessions.current()?.token !== speaker.token) return;
      // What was done here meanwhile is not in it.
      answer.asked = began;
      thread.tell((one) => one.mine?.(answer));
      const left = new Set(mine.keys());
      for (const one of [...answer.comments, ...answer.pending]) {
        left.delete(one.id);
        remember(one);
      }
      for (const id of left) if ((mine.get(id)?.at || 0) < began) mine.delete(id);
      for (const one of answer.pending) if (views.get(one.id)?.data.edited !== one.edited || !views.has(one.id)) put(one);
      for (const { id, raw } of answer.comments) {
        const view = views.get(id);
        if (!view) continue;
        if (view.data.state === "pending") put({ ...view.data, state: undefined });
        else visit(view);
        const draft = kept()[`edit:${id}`];
        if (!again && draft?.open && draft.text !== undefined && draft.text !== raw) guard(edit)(view);
      }
    } catch (problem) {
      // Without it the page only lacks two buttons; a session that has ended is told at once.
      if (/** @type {any} */ (problem).status !== 401) throw problem;
      sessions.forget(speaker.token);
    }
  }

  /** Something changed, or the reader comes back: perhaps it was done by themselves, in another tab. */
  function stirred() {
    if (planned || !sessions.current()) return;
    planned = true;
    setTimeout(
      guard(() => {
        planned = false;
        // Whoever looks elsewhere is told on coming back.
        if (document.visibilityState === "visible" && !signal.aborted && sessions.current()) return overlay(true);
      }),
      Math.max(300, asked + REST - performance.now()),
    );
  }
  addEventListener("focus", stirred, { signal });
  document.addEventListener("visibilitychange", stirred, { signal });

  // A comment's buttons go when its time is over.
  every(1_000, () => {
    for (const id of mine.keys()) {
      const view = thread.views.get(id);
      if (view && room(id) < HOUR) visit(view);
    }
  });
  return {
    visit,
    arrived(_, first) {
      if (first) guard(overlay)();
    },
    speaker: guard(() => overlay()),
    stirred,
    gives: { own: { remember, forget: (id) => void mine.delete(id) } },
  };
}
