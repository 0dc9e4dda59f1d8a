/** What opens when one reacts or turns to a comment's menu: choices, menus, dialogs, the door before a press that needs somebody. */
import { about } from "./about.js";
import { gate } from "./gate.js";
import { hiding } from "./hide.js";
import { popup } from "./popup.js";
import { reacting } from "./react.js";
import { sheets } from "./sheet.js";

/** So many milliseconds after somebody wanted to do something, a sign-in still leads to it. */
const PATIENCE = 600_000;

/**
 * @param {import("../types").KnownContext} context
 * @returns {import("../types").Social}
 */
export function attach(context) {
  const { t, style, chunk, thread } = context;
  t.add(CW_SOCIAL_WORDS);
  style(CW_SOCIAL_CSS);
  const sheet = sheets(context);
  const menu = popup(context);
  const { enter, wished } = gate(context, sheet, PATIENCE);
  const hide = hiding(context);
  const { react, resume, settled } = reacting(context, { enter, menu, patience: PATIENCE });
  /** @type {import("../types").SocialContext} */
  const grown = Object.assign(context, { sheet, enter });
  /** @param {string} path @returns {Promise<any>} */
  const open = (path) => chunk(path, ({ attach: make }) => make(grown));

  /** @type {import("../types").Social} */
  const social = {
    ...{ menu, enter },
    react,
    async resume() {
      await resume();
      const view = thread.views.get(wished() || "");
      if (view) await social.flag(view);
    },
    // One's own press is among them, also when it is on its way still.
    faces: async (mark) => (await Promise.all([open(CW_FACES), settled(mark)]))[0](mark),
    flag: async (view) => (await open(CW_FLAG))(view),
    history: async (view) => (await open(CW_HISTORY))(view),
    more: (view, opener, last) => about(grown, { ...social, hide, open }, view, opener, last),
  };
  return social;
}
