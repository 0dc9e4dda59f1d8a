/** Who comments: the sessions this browser holds for one site, and which of them speaks now. */
import { follow, read, write } from "./store.js";

/** @typedef {import("../types").Held} Held */

/** Several widgets of one page share a name, and `storage` tells only other tabs. @type {Map<string, Set<() => void>>} */
const here = new Map();

/**
 * @param {string} base @param {string} site
 * @param {(user: import("../types").User | null) => void} changed another one speaks now, or none
 * @param {AbortSignal} signal
 */
export function sessions(base, site, changed, signal) {
  const name = `session|${base}|${site}`;
  /** @returns {{current: string, held: Record<string, Held>}} */
  const all = () => {
    const kept = read(name) || {};
    /** @type {Record<string, Held>} */
    const held = {};
    for (const id of Object.keys(kept.held || {})) {
      const one = kept.held[id];
      if (one?.token && one.user?.id && !(Date.parse(one.expires) < Date.now())) held[id] = one;
    }
    return { current: Object.hasOwn(held, kept.current) ? kept.current : "", held };
  };
  const current = () => {
    const { current: id, held } = all();
    return id ? held[id] : null;
  };

  let last = current()?.token;
  const look = () => {
    const now = current();
    if (now?.token === last) return;
    last = now?.token;
    changed(now?.user || null);
  };
  const mates = here.get(name) || new Set();
  here.set(name, mates.add(look));
  signal.addEventListener("abort", () => mates.delete(look));
  follow(name, look, signal);

  /** @param {ReturnType<typeof all>} state */
  const keep = (state) => {
    write(name, Object.keys(state.held).length ? state : null);
    for (const mate of [...mates]) mate();
  };

  return {
    current,
    list: () => Object.values(all().held),
    /** Hold a new session and let it speak. @param {Held} one @returns {Held | undefined} the older one of the same user */
    add({ token, token_type, expires, user }) {
      const state = all();
      const older = state.held[user.id];
      state.held[user.id] = { token, token_type, expires, user };
      state.current = user.id;
      keep(state);
      return older;
    },
    /** @param {string} id */
    use(id) {
      keep({ ...all(), current: id });
    },
    /** @param {string} token */
    forget(token) {
      const state = all();
      for (const id of Object.keys(state.held)) if (state.held[id].token === token) delete state.held[id];
      keep(state);
    },
  };
}
