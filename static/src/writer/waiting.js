/** A comment that found no connection: kept, shown as waiting, and sent again with its own key until there is an answer. */

const FIRST = 1_000;
const LONGEST = 60_000;

/** One tab at a time. Without locks (plain http) two may try at once: their one key makes one comment of it all the same.
 * @param {string} name @param {() => Promise<void>} work */
async function alone(name, work) {
  if (!navigator.locks) return work();
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

/**
 * @param {Pick<import("../types").KnownContext, "h" | "t" | "clear" | "button" | "guard" | "say" | "signal" | "shelf" | "store">} context
 * @param {object} kit
 * @param {HTMLElement} kit.form
 * @param {string} kit.box
 * @param {ReturnType<typeof import("./drafts.js").drafts>} kit.drafts
 * @param {() => Promise<void>} kit.again send it again
 * @param {() => void} kit.elsewhere another tab has sent it
 * @param {(yes: boolean) => void} kit.shown told when it begins and ends to wait
 */
export function waiting({ h, t, clear, button, guard, say, signal, shelf, store }, { form, box, drafts, again, elsewhere, shown }) {
  const line = h("p", { class: "row waits", part: "waiting", hidden: true });
  let on = false;
  let pause = FIRST;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Begin to wait, or go on. */
  function start() {
    clearTimeout(timer);
    const span = pause * (0.5 + Math.random() / 2);
    pause = Math.min(LONGEST, pause * 2);
    timer = setTimeout(attempt, span);
    if (on) return;
    on = true;
    drafts.put(box, { waits: true, open: true });
    clear(line, h("span", {}, t("write.offline")), button(t("write.cancel"), "cancel", cancel));
    line.hidden = false;
    say(t("write.offline"));
    shown(true);
  }

  /** It waits no more. */
  function stop() {
    clearTimeout(timer);
    if (!on) return;
    on = false;
    pause = FIRST;
    line.hidden = true;
    clear(line);
    shown(false);
  }

  function cancel() {
    stop();
    drafts.put(box, { waits: false });
    form.querySelector("textarea")?.focus();
  }

  const attempt = guard(async () => {
    if (!on || signal.aborted || !form.isConnected) return;
    clearTimeout(timer);
    let tried = false;
    await alone(`cw:${shelf}|${box}`, async () => {
      if (!look()) return;
      tried = true;
      await again();
    });
    if (on && !tried) start();
  });

  /** Whether it still waits, for all the other tabs did. */
  function look() {
    if (!on) return false;
    const draft = drafts.get(box);
    if (draft.waits) return true;
    stop();
    if (!draft.text) elsewhere();
    return false;
  }

  const soon = () => {
    pause = FIRST;
    if (document.visibilityState !== "hidden") attempt();
  };
  addEventListener("online", soon, { signal });
  document.addEventListener("visibilitychange", soon, { signal });
  store.follow(shelf, guard(look), signal);

  return { line, start, stop, soon, on: () => on };
}
