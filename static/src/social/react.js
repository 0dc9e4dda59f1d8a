/** What a press on a like does: seen at once, sent in order, taken back when it was refused; and a sign-in before it, where there is none. */

/** @typedef {import("../types").Mark} Mark */

/**
 * @param {import("../types").KnownContext} context
 * @param {Pick<import("../types").Social, "enter" | "menu"> & {patience: number}} kit
 * @returns {Pick<import("../types").Social, "react" | "resume"> & {settled(mark: Mark): Promise<void> | undefined}}
 */
export function reacting({ t, ask, site, config, store, sessions, shelf, thread, marks, social, use, why }, { enter, menu, patience }) {
  /** What is wanted by who signs in: here, and kept for a way over another page. @type {{id: string, kind: string, at: number} | null} */
  let wanted = null;
  const intent = `react|${shelf}`;
  const keep = (/** @type {typeof wanted} */ one) => store.write(intent, (wanted = one));
  /** Those on their way: what is pressed meanwhile is sent behind. @type {Map<Mark, Promise<void>>} */
  const busy = new Map();

  /** Show it as if it had arrived. @param {Mark} mark @param {string | null} kind */
  function show(mark, kind) {
    const { mine, counts } = mark;
    mark.counts = { ...counts };
    if (mine) mark.counts[mine]--;
    if (kind) mark.counts[kind] = (counts[kind] || 0) + 1;
    mark.mine = kind;
    mark.at = performance.now();
    mark.draw();
  }

  /** @param {Mark} mark @param {string} kind given, or taken back */
  async function press(mark, kind) {
    const speaker = sessions.current();
    if (!speaker || speaker.user.guest) return first(mark, kind);
    const { mine: known = null, counts } = mark;
    show(mark, known === kind ? null : kind);
    if (busy.has(mark)) return;
    const work = send(mark, speaker, known, counts);
    busy.set(mark, work);
    try {
      await work;
    } catch (/** @type {any} */ problem) {
      if (problem.status !== 401) throw problem;
      sessions.forget(speaker.token);
      return first(mark, kind, why(problem));
    } finally {
      busy.delete(mark);
    }
  }

  /** What is shown, until the server has it. @param {Mark} mark @param {import("../types").Held} held @param {string | null} known @param {Mark["counts"]} counts as the server has them */
  async function send(mark, held, known, counts) {
    const place = mark.id ? `comments/${mark.id}` : "threads";
    const body = mark.id ? undefined : { site: site.key, page: { url: config.url, id: config.id || undefined, title: config.title || undefined } };
    try {
      while (known !== (mark.mine || null)) {
        const answer = await ask(`${place}/reactions/${mark.mine || known}`, { method: mark.mine ? "PUT" : "DELETE", body, key: store.random(24), held });
        if (sessions.current()?.token !== held.token) return;
        [known, counts] = [answer.mine, answer.reactions];
        const { reactions, faces } = answer.thread;
        if (mark.faces) thread.update({ version: thread.info.version, reactions, faces });
        const then = mark.mine || null;
        Object.assign(mark, { mine: known, counts });
        if (then !== known) show(mark, then);
      }
    } catch (problem) {
      Object.assign(mark, { mine: known, counts });
      throw problem;
    } finally {
      mark.at = performance.now();
      mark.draw();
    }
  }

  /** Somebody speaks first, then the reaction: also when the sign-in leads over another page. @param {Mark} mark @param {string} kind @param {string} [reason] */
  async function first({ id }, kind, reason = t("react.sign_in")) {
    keep({ id, kind, at: Date.now() });
    let came = false;
    try {
      came = await enter(reason, true);
    } finally {
      if (!came) keep(null);
    }
  }

  /** @param {typeof wanted} one */
  function meant(one) {
    if (!one || sessions.current()?.user.guest !== false) return;
    keep(null);
    const mark = marks.get(one.id);
    // Who reacted so already, on an earlier day, keeps it.
    if (mark && mark.mine !== one.kind && Date.now() - one.at < patience) social(mark.like, () => press(mark, one.kind));
  }
  use({ mine: (answer) => void (answer && meant(wanted)) });

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
    settled: (mark) => busy.get(mark)?.catch(() => {}),
    async resume() {
      meant(store.read(intent));
    },
  };
}
