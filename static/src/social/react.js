/** What a press on a like does: seen at once, sent in order, taken back when it was refused; and a sign-in before it, where there is none. */

/** So many milliseconds after somebody wanted to react, a sign-in still does it for them. */
const PATIENCE = 600_000;

/** @typedef {import("../types").Mark} Mark */

/**
 * @param {import("../types").KnownContext} context
 * @param {Pick<import("../types").Social, "enter" | "menu">} kit
 * @returns {Pick<import("../types").Social, "react" | "resume">}
 */
export function reacting({ t, ask, site, config, store, sessions, shelf, thread, marks, social, why }, { enter, menu }) {
  const intent = `react|${shelf}`;
  /** Those on their way: what is pressed meanwhile is sent behind. @type {Set<Mark>} */
  const busy = new Set();

  /** Show it as if it had arrived. @param {Mark} mark @param {string | null} kind */
  function show(mark, kind) {
    const { mine, counts } = mark;
    mark.counts = { ...counts };
    if (mine) mark.counts[mine]--;
    if (kind) mark.counts[kind] = (counts[kind] || 0) + 1;
    mark.mine = kind;
    mark.draw();
  }

  /** @param {Mark} mark @param {string} kind given, or taken back */
  async function press(mark, kind) {
    const speaker = sessions.current();
    if (!speaker || speaker.user.guest) return first(mark, kind);
    let { mine: known = null, counts } = mark;
    show(mark, known === kind ? null : kind);
    if (busy.has(mark)) return;
    busy.add(mark);
    try {
      while (known !== mark.mine) {
        const path = `${mark.id ? `comments/${mark.id}` : "threads"}/reactions/${mark.mine || known}`;
        const body = mark.id ? undefined : { site: site.key, page: { url: config.url, id: config.id || undefined, title: config.title || undefined } };
        const answer = await ask(path, { method: mark.mine ? "PUT" : "DELETE", body, key: store.random(24), held: speaker });
        if (sessions.current()?.token !== speaker.token) return;
        [known, counts] = [answer.mine, answer.reactions];
        const { reactions, faces } = answer.thread;
        if (mark.faces) thread.update({ version: thread.info.version, reactions, faces });
        const wanted = mark.mine;
        Object.assign(mark, { mine: known, counts });
        if (wanted !== known) show(mark, wanted || null);
      }
      mark.draw();
    } catch (/** @type {any} */ problem) {
      Object.assign(mark, { mine: known, counts });
      mark.draw();
      if (problem.status !== 401) throw problem;
      sessions.forget(speaker.token);
      return first(mark, kind, why(problem));
    } finally {
      busy.delete(mark);
    }
  }

  /** Somebody speaks first, then the reaction: also when the sign-in leads over another page. @param {Mark} mark @param {string} kind @param {string} [reason] */
  async function first({ id }, kind, reason = t("react.sign_in")) {
    store.write(intent, { id, kind, at: Date.now() });
    let came = false;
    try {
      came = await enter(reason, true);
    } finally {
      if (!came) store.write(intent, null);
    }
  }

  return {
    async react(mark) {
      const { kinds, mine, like, sign } = mark;
      if (kinds.length < 2) return press(mark, mine || kinds[0]);
      const choices = kinds.map((kind) => ({
        ...{ words: t("react." + kind), sign: sign(kind), checked: mine === kind },
        act: () => social(like, () => press(mark, kind)),
      }));
      menu(like, t("react.add"), choices);
    },
    async resume() {
      const wanted = store.read(intent);
      if (!wanted || sessions.current()?.user.guest) return;
      store.write(intent, null);
      const mark = marks.get(wanted.id);
      // Who reacted so already, an earlier day, keeps it.
      if (mark && mark.mine !== wanted.kind && Date.now() - wanted.at < PATIENCE) await social(mark.like, () => press(mark, wanted.kind));
    },
  };
}
