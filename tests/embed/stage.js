/** The element as a page has it: its modules together, the server played by `fetch`. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach } from 'node:test';
import { openPage, until } from './page.js';

export const page = openPage('https://blog.example/post');
const SRC = new URL('../../static/src/', import.meta.url);
export const LOCALES = JSON.parse(await readFile(new URL('locales/en.json', SRC), 'utf8')).embed;
export const ITALIAN = JSON.parse(await readFile(new URL('locales/it.json', SRC), 'utf8')).embed;
for (const part of ['', 'READ_', 'ONE_', 'LIVE_', 'WRITE_', 'SIGN_', 'TOOL_', 'KNOWN_', 'SOCIAL_', 'FACES_', 'FLAG_', 'HISTORY_', 'MODERATE_']) globalThis[`CW_${part}WORDS`] = LOCALES;
globalThis.CW_READER = new URL('reader/reader.js', SRC).href;
globalThis.CW_ONE = new URL('one/one.js', SRC).href;
globalThis.CW_LIVE = new URL('live/live.js', SRC).href;
globalThis.CW_WRITER = new URL('writer/writer.js', SRC).href;
globalThis.CW_TOOL_CSS = '';
globalThis.CW_TOOLS = new URL('tools/tools.js', SRC).href;
globalThis.CW_WORK = new URL('work/work.js', SRC).href;
globalThis.CW_SIGNIN = new URL('signin/tray.js', SRC).href;
for (const name of ['known', 'social', 'faces', 'flag', 'history', 'moderate']) globalThis[`CW_${name.toUpperCase()}`] = new URL(`${name}/${name}.js`, SRC).href;
const { define } = await import('../../static/src/mount.js');
export const BASE = 'https://comments.example/';
define(BASE, { ticket: null });

/** @type {Record<string, (url: URL, options: any) => any>} */
export let server;
/** @type {{path: string, method: string, url: URL, headers: any, body: any}[]} */
export let seen;
export const warned = [];
console.warn = (...words) => warned.push(words);

export const json = (status, body) => ({ status, ok: status < 300, json: async () => body });
export const refuse = (status, code) => json(status, { error: { code, message: `Server: ${code}` } });
globalThis.fetch = async (address, options = {}) => {
  const url = new URL(address);
  const path = url.pathname.replace('/api/v1/', '');
  const method = options.method || 'GET';
  seen.push({ path, method, url, headers: options.headers || {}, body: options.body && JSON.parse(options.body) });
  const answer = await server[`${method} ${path}`]?.(url, options);
  if (answer instanceof Error) throw answer;
  return answer && 'status' in answer ? answer : json(answer ? 200 : 404, answer || {});
};

export const ADA = { id: 'ada', name: 'Ada', url: 'javascript:alert(1)' };
export const one = (id, more = {}) => ({ id, author: ADA, time: '2011-04-02T20:00:00Z', body: [['p', `text of ${id}`]], ...more });
export const thread = (comments, more = {}) => ({ thread: { url: 'u', title: null, count: comments.length, version: 1, open: true, ...more }, comments, next: null });
export const USER = { id: 'zoe', name: 'Zoë', guest: true };
export const HELD = { token: 'secret', expires: '2100-01-01T00:00:00Z', user: USER };

beforeEach(() => {
  localStorage.clear();
  seen = [];
  warned.length = 0;
  document.title = 'A post';
  server = {
    'GET threads': () => thread([one('a'), one('b', { parent: 'a' }), one('c')]),
    'GET site': () => ({ site: { key: 'blog', name: 'Blog', guests: true, guest_email: 'optional', edit_window: 900, max_length: 10_000, sort: 'oldest', reactions: ['like'], page_reactions: true }, providers: [{ id: 'demo', name: 'Demo ID' }] }),
    'GET form': () => ({ token: 'given', bits: 0 }),
    'GET me/comments': () => ({ comments: [], pending: [], reactions: {}, page: null, flagged: [] }),
    'POST session': () => json(201, HELD),
    'DELETE session': () => json(204),
    'POST comments': (_, { body }) =>
      json(201, { comment: one('new', { author: USER, parent: JSON.parse(body).parent, body: [['p', JSON.parse(body).text]], raw: JSON.parse(body).text, until: '2100-01-01T00:00:00Z' }), thread: { count: 4, version: 2 } }),
    'GET /assets/it.json': () => ITALIAN,
  };
});
afterEach(() => {
  for (const el of [...document.querySelectorAll('comment-widget')]) el.remove();
});

/** The widget as it stands for who only reads: when the reader's chunk is there, or fails to be. @param {Record<string, string>} [attributes] */
export async function look(attributes = {}) {
  const el = /** @type {any} */ (document.createElement('comment-widget'));
  const events = [];
  for (const name of ['ready', 'posted', 'session']) el.addEventListener(`comment-widget:${name}`, (event) => events.push([name, event.detail]));
  for (const [name, value] of Object.entries({ site: 'blog', ...attributes })) el.setAttribute(name, value);
  document.body.appendChild(el);
  await until(() => el.shadowRoot?.querySelector('.place > *'), 'the comments, or why not');
  const $ = (selector) => el.shadowRoot.querySelector(selector);
  const $$ = (selector) => [...el.shadowRoot.querySelectorAll(selector)];
  const type = (selector, value) => {
    $(selector).value = value;
    $(selector).dispatchEvent(new Event('input', { bubbles: true }));
  };
  const submit = () => $('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  return { el, events, $, $$, type, submit };
}

/** The widget with somebody who turns to the box. @param {Record<string, string>} [attributes] */
export async function show(attributes = {}) {
  const stage = await look(attributes);
  stage.$('textarea').focus();
  await until(() => stage.$('[part=submit]'), 'the composer');
  return stage;
}
