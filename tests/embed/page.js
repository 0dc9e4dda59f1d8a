/** A page for the embed's modules to live in: happy-dom's window behind the names that browsers have as globals. */
import { Window } from 'happy-dom';

const NAMES = `window document location history navigator localStorage customElements HTMLElement Element Node Event
  CustomEvent KeyboardEvent MessageEvent StorageEvent InputEvent CSSStyleSheet DocumentFragment ShadowRoot
  IntersectionObserver requestAnimationFrame matchMedia addEventListener removeEventListener dispatchEvent screenX screenY outerWidth outerHeight
  innerHeight getComputedStyle`.split(/\s+/);

/**
 * Open a page and make it the surroundings of this process, as each test file has one of its own.
 * @param {string} url
 */
export function openPage(url = 'https://blog.example/post') {
  const window = new Window({ url });
  for (const name of NAMES) {
    const value = window[name];
    const bound = typeof value === 'function' && !/^[A-Z]/.test(name) ? value.bind(window) : value;
    Object.defineProperty(globalThis, name, { value: bound, configurable: true, writable: true });
  }
  for (const part of ['', 'READ_', 'ONE_', 'LIVE_', 'WRITE_', 'SIGN_', 'TOOL_', 'KNOWN_', 'SOCIAL_', 'FACES_', 'FLAG_', 'HISTORY_', 'MODERATE_']) globalThis[`CW_${part}CSS`] = '';
  globalThis.CW_LANGUAGES = 'it';
  // Long work rests between slices, which here would be chance: whether it does is for tests/e2e to see.
  performance.now = () => 1e6;
  globalThis.CW_LOCALE = 'assets/*.json';
  return window;
}

/** Wait until `holds` does; there is nothing to sleep for. @param {() => unknown} holds @param {string} [what] */
export async function until(holds, what = String(holds)) {
  for (let turn = 0; turn < 4000; turn++) {
    const found = await holds();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error(`It never came: ${what}`);
}

/** As much of IndexedDB as a shelf of values by name needs; happy-dom has none. The real one is met in tests/e2e. */
export function shelf() {
  /** @type {Map<string, unknown>} */
  const kept = new Map();
  /** Changes stand in line, as there. */
  let before = Promise.resolve();
  const request = async (/** @type {any} */ made, /** @type {() => unknown} */ result) => {
    await new Promise((done) => setTimeout(done));
    made.result = result();
    made.onsuccess();
  };
  const db = {
    close() {},
    createObjectStore() {},
    transaction(/** @type {string} */ _, mode = 'readonly') {
      const turn = before;
      let end = () => {};
      if (mode === 'readwrite') before = new Promise((done) => (end = done));
      const change = {
        objectStore: () => ({
          get(/** @type {string} */ name) {
            const made = {};
            turn.then(() => request(made, () => kept.get(name))).then(() => setTimeout(end));
            return made;
          },
          put(/** @type {unknown} */ value, /** @type {string} */ name) {
            kept.set(name, value);
            setTimeout(() => change.oncomplete());
          },
        }),
      };
      return change;
    },
  };
  return {
    kept,
    open() {
      const made = {};
      request(made, () => db);
      return made;
    },
  };
}
