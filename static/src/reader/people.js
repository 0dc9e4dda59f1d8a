/** Who reads here: the site and its providers, the sessions this browser holds, and the doors to new ones. */
import { draw } from "./icon.js";
import { sessions as openSessions } from "./session.js";
import * as store from "./store.js";

/** @typedef {import("../types").Held} Held */

/**
 * @param {import("../types").ReaderContext} context
 * @param {(user: import("../types").User | null) => void} changed another one speaks now, or none
 * @returns {Promise<import("../types").People>}
 */
export async function people(context, changed) {
  const { base, config, t, h, call, guard, say, signal } = context;
  /** For those who have a session, or begin one. */
  const coming = () =>
    context.known().catch((problem) => {
      throw Object.assign(problem, { code: "network", status: 0 });
    });
  if (store.names(`session|${base}`)[0]) coming().catch(() => {});

  /** @type {import("../types").SiteAnswer} */
  const about = await call("site", { query: { site: config.site, url: config.site ? undefined : config.url } });
  const { site, providers } = about;
  for (const one of providers) one.name = one.names?.[config.lang.split("-")[0]] ?? one.name;
  if (!config.sort) config.sort = site.sort;

  /** @type {ReturnType<typeof import("../known/proof.js").proofs> | undefined} */
  let made;
  const prove = async () => {
    const proofs = await coming();
    return (made ??= proofs(call, base, site.key, store));
  };
  const jwk = async () => (await prove()).jwk();
  /** @type {import("../types").Ask} */
  const ask = async (path, { held, ...options } = {}) => (held ? (await prove()).ask(path, { ...options, held }) : call(path, options));
  const sessions = openSessions(base, site.key, changed, signal);
  const shelf = `draft|${base}|${site.key}|${config.id || config.url}`;
  /** Also when the widget goes meanwhile. @param {Held} held */
  const revoke = (held) => ask("session", { method: "DELETE", held, key: store.random(24), signal: undefined });

  const providerOf = (/** @type {string | undefined} */ id) => providers.find((one) => one.id === id);
  /** @param {import("../types").Provider} provider */
  const mark = ({ name, icon }) => draw(icon) || h("span", { class: "icon", "aria-hidden": "true" }, [...name][0]);

  /** @type {import("../types").People} */
  const known = {
    ...{ about, site, store, sessions, shelf, ask, jwk, providerOf, mark },
    kept: () => store.read(shelf) || {},
    via(id) {
      const provider = providerOf(id);
      return provider ? [mark(provider), provider.name] : null;
    },
    exchange: async (proven, key) => call("session", { method: "POST", body: { ...proven, jwk: await jwk() }, key }),
    welcome(held) {
      const older = sessions.add(held);
      // The same user twice: the earlier secret is of no more use to anybody.
      if (older && older.token !== held.token) guard(revoke)(older);
      say(t("sign.welcome", { name: held.user.name }));
    },
    async logout() {
      const speaker = sessions.current();
      if (!speaker) return;
      sessions.forget(speaker.token);
      say(t("sign.left"));
      await revoke(speaker);
    },
    why: (problem) => (problem.code === "session.bad_proof" ? t.error(problem) : t("sign.ended")),
    door: () => context.chunk(CW_SIGNIN, ({ attach }) => attach(Object.assign(context, known))),
  };
  return known;
}
