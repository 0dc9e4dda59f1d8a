import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { openPage } from './page.js';

const page = openPage('https://blog.example/post?x=1#top');
const { signin } = await import('../../static/src/signin/window.js');
const store = await import('../../static/src/reader/store.js');
const BASE = 'https://comments.example/sub/';
const ORIGIN = 'https://comments.example';
const GITHUB = { id: 'github', name: 'GitHub' };
const HELD = { token: 't', expires: '2100-01-01T00:00:00Z', user: { id: 'u', name: 'U' } };

/** @type {{url: URL, name: string, features: string, window: any}[]} */
let opened;
/** @type {any[]} */
let exchanged;
let blocked = false;
page.open = (url, name, features) => {
  const window = { acks: [], closed: false, postMessage: (data, to) => window.acks.push([data, to]), close: () => void (window.closed = true) };
  opened.push({ url: new URL(url), name, features, window });
  return blocked ? null : window;
};

const make = (site = 'blog', base = BASE) =>
  signin({ base, site, lang: 'it-CH', store, exchange: async (body, key) => (exchanged.push({ ...body, key }), HELD) });
const told = (done = assert.fail, failed = assert.fail, gone = assert.fail) => ({ done, failed, gone, signal: new AbortController().signal });
/** @type {{cancel: () => void}[]} */
let waiting = [];
/** Open a window and wait for it, at the longest to the end of the test. */
function popup(listener, { provider = GITHUB, at = '', ...site } = {}) {
  const login = make(site.key, site.base).popup(provider, at, listener);
  waiting.push(login);
  return login;
}
afterEach(() => {
  for (const login of waiting) login.cancel();
  waiting = [];
});
const settled = () => new Promise((done) => setTimeout(done, 0));
function message(data, { origin = ORIGIN, source = opened.at(-1)?.window } = {}) {
  const event = new MessageEvent('message', { data, origin });
  Object.defineProperty(event, 'source', { value: source });
  page.dispatchEvent(event);
}

beforeEach(() => {
  localStorage.clear();
  opened = [];
  exchanged = [];
  blocked = false;
});

test('the window goes to the server with a challenge, and no secret', () => {
  const { opened: seen } = popup(told(() => {}, () => {}));
  assert.equal(seen, true);
  const [{ url, name, features }] = opened;
  assert.equal(url.origin + url.pathname, `${ORIGIN}/sub/auth/start`);
  const query = Object.fromEntries(url.searchParams);
  const login = JSON.parse(localStorage.getItem(`cw:tx|${query.tx}`));
  assert.deepEqual(query, {
    site: 'blog',
    provider: 'github',
    tx: query.tx,
    challenge: createHash('sha256').update(login.verifier).digest('base64url'),
    return_to: 'https://blog.example/post?x=1',
    mode: 'popup',
    lang: 'it-CH',
  });
  assert.match(query.tx, /^[\w-]{22}$/);
  assert.match(login.verifier, /^[\w-]{43}$/);
  assert.ok(!url.href.includes(login.verifier));
  assert.match(name, /^cw[\w-]{8,}$/);
  assert.match(features, /^popup,width=520,height=680/);
});

test('a ticket from that window is acknowledged and exchanged, once', async () => {
  const done = [];
  popup(told((held) => done.push(held), assert.fail));
  const tx = opened[0].url.searchParams.get('tx');
  const { verifier } = JSON.parse(localStorage.getItem(`cw:tx|${tx}`));
  message({ type: 'cw:ticket', tx, code: 'CODE' });
  message({ type: 'cw:ticket', tx, code: 'CODE' });
  await settled();
  assert.deepEqual(opened[0].window.acks, [[{ type: 'cw:ack' }, ORIGIN]]);
  assert.deepEqual(exchanged, [{ site: 'blog', tx, code: 'CODE', verifier, key: tx }]);
  assert.deepEqual(done, [HELD]);
  assert.equal(localStorage.getItem(`cw:tx|${tx}`), null);
});

for (const [what, change] of /** @type {[string, (tx: string) => [any, any]][]} */ ([
  ['another origin', (tx) => [{ type: 'cw:ticket', tx, code: 'C' }, { origin: 'https://evil.example' }]],
  ['a look-alike origin', (tx) => [{ type: 'cw:ticket', tx, code: 'C' }, { origin: `${ORIGIN}.evil.example` }]],
  ['the page itself', (tx) => [{ type: 'cw:ticket', tx, code: 'C' }, { origin: 'https://blog.example' }]],
  ['another window', (tx) => [{ type: 'cw:ticket', tx, code: 'C' }, { source: {} }]],
  ['no window', (tx) => [{ type: 'cw:ticket', tx, code: 'C' }, { source: null }]],
  ['another login', () => [{ type: 'cw:ticket', tx: 'A'.repeat(22), code: 'C' }, {}]],
  ['no data', () => [null, {}]],
  ['words', () => ['cw:ticket', {}]],
])) {
  test(`a message of ${what} changes nothing`, async () => {
    popup(told());
    const tx = opened[0].url.searchParams.get('tx') || '';
    const [data, from] = change(tx);
    message(data, from);
    await settled();
    assert.deepEqual(exchanged, []);
    assert.deepEqual(opened[0].window.acks, []);
    assert.ok(localStorage.getItem(`cw:tx|${tx}`));
  });
}

test('a refusal ends it', async () => {
  const failed = [];
  popup(told(assert.fail, (problem) => failed.push(problem)));
  const tx = opened[0].url.searchParams.get('tx');
  message({ type: 'cw:error', tx, code: 'signin.denied' });
  message({ type: 'cw:ticket', tx, code: 'C' });
  await settled();
  assert.deepEqual(failed, [{ code: 'signin.denied' }]);
  assert.deepEqual(exchanged, []);
});

test('cancelled: a ticket that comes late is worthless', async () => {
  const login = popup(told());
  login.cancel();
  const tx = opened[0].url.searchParams.get('tx') || '';
  message({ type: 'cw:ticket', tx, code: 'C' });
  assert.equal(make().arrive({ tx, code: 'C' }), null);
  await settled();
  assert.deepEqual(exchanged, []);
  assert.equal(opened[0].window.closed, true);
});

test('no handle on the window: the login can still come by the address', async () => {
  blocked = true;
  assert.equal(popup(told()).opened, false);
  const tx = opened[0].url.searchParams.get('tx') || '';
  message({ type: 'cw:ticket', tx, code: 'C' }, { source: null });
  const came = make().arrive({ tx, code: 'CODE' });
  assert.equal(came?.popup, true);
  assert.deepEqual(await came?.held, HELD);
  assert.equal(exchanged.length, 1);
  assert.equal(make().arrive({ tx, code: 'CODE' }), null);
});

test('a ticket that this browser did not ask for, of another site or server, or too late: nothing', () => {
  assert.equal(make().arrive({ tx: 'A'.repeat(22), code: 'C' }), null);
  popup(told(), { key: 'shop' });
  const tx = opened[0].url.searchParams.get('tx') || '';
  assert.equal(make('blog').arrive({ tx, code: 'C' }), null);
  assert.equal(make('shop', 'https://evil.example/').arrive({ tx, code: 'C' }), null);
  const login = JSON.parse(localStorage.getItem(`cw:tx|${tx}`));
  localStorage.setItem(`cw:tx|${tx}`, JSON.stringify({ ...login, at: Date.now() - 601_000 }));
  make('shop');
  assert.equal(localStorage.getItem(`cw:tx|${tx}`), null, 'an old login is swept away');
  assert.deepEqual(exchanged, []);
});
