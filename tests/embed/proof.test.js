import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { openPage, shelf } from './page.js';

openPage();
const { proofs } = await import('../../static/src/known/proof.js');
const store = await import('../../static/src/reader/store.js');
const BASE = 'https://comments.example/sub/';
const BOUND = { token: 'A'.repeat(43), token_type: 'DPoP', expires: '2100-01-01T00:00:00Z', user: { id: 'u', name: 'U' } };
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** @type {{path: string, options: any}[]} */
let calls;
/** @type {((headers: any) => any)[]} what the server answers, call by call */
let answers;
const call = async (path, options) => {
  calls.push({ path, options });
  return answers.shift()?.(options.headers) ?? 'done';
};
const make = (site = 'blog', base = BASE) => proofs(call, base, site, store);
const bytes = (text) => Buffer.from(text, 'base64url');
/** What a proof says, its signature checked with the key it carries. */
async function opened(headers) {
  const [head, claims, mark] = headers.DPoP.split('.');
  const { jwk, ...rest } = JSON.parse(bytes(head));
  const key = await crypto.subtle.importKey('jwk', jwk, EC, true, ['verify']);
  assert.ok(await crypto.subtle.verify(EC, key, bytes(mark), Buffer.from(`${head}.${claims}`)), 'the signature');
  return { head: rest, jwk, claims: JSON.parse(bytes(claims)) };
}
const refuse = (details) => () => {
  throw Object.assign(new Error('no'), { code: 'session.bad_proof', status: 401, details });
};

/** @type {ReturnType<typeof shelf>} */
let database;
const { subtle } = crypto;
beforeEach(() => {
  localStorage.clear();
  calls = [];
  answers = [];
  globalThis.indexedDB = database = shelf();
});
afterEach(() => Object.defineProperty(crypto, 'subtle', { value: subtle, configurable: true }));

test('a proof names method, address, token and key of the request, and is signed', async () => {
  const { ask, jwk } = make();
  await ask('comments', { method: 'POST', key: 'the-key-of-this-request', body: { a: 1 }, held: BOUND });
  const [{ path, options }] = calls;
  assert.deepEqual([path, options.body, options.held], ['comments', { a: 1 }, undefined]);
  assert.equal(options.headers.Authorization, `DPoP ${BOUND.token}`);
  const { head, jwk: carried, claims } = await opened(options.headers);
  assert.deepEqual(head, { typ: 'dpop+jwt', alg: 'ES256' });
  assert.deepEqual(carried, await jwk());
  assert.deepEqual(Object.keys(carried), ['kty', 'crv', 'x', 'y']);
  const { iat, ...others } = claims;
  assert.deepEqual(others, {
    htm: 'POST',
    htu: 'https://comments.example/sub/api/v1/comments',
    ath: createHash('sha256').update(BOUND.token).digest('base64url'),
    jti: 'the-key-of-this-request',
  });
  assert.ok(Math.abs(iat - Date.now() / 1000) < 5 && Number.isInteger(iat));
});

test('a read has a proof of its own each time', async () => {
  const { ask } = make();
  await ask('me/comments', { query: { site: 'blog' }, held: BOUND });
  await ask('me/comments', { query: { site: 'blog' }, held: BOUND });
  const [one, two] = await Promise.all(calls.map(({ options }) => opened(options.headers)));
  assert.equal(one.claims.htm, 'GET');
  assert.equal(one.claims.htu, 'https://comments.example/sub/api/v1/me/comments');
  assert.match(one.claims.jti, /^[\w-]{22}$/);
  assert.notEqual(one.claims.jti, two.claims.jti);
});

test('one key for a site and a server: it stays, nobody can take it, and it is in no localStorage', async () => {
  const first = await make().jwk();
  assert.deepEqual(await make().jwk(), first);
  assert.notDeepEqual(await make('shop').jwk(), first);
  assert.notDeepEqual(await make('blog', 'https://other.example/').jwk(), first);
  assert.equal(database.kept.size, 3);
  for (const { privateKey } of database.kept.values()) {
    assert.equal(privateKey.extractable, false);
    await assert.rejects(crypto.subtle.exportKey('jwk', privateKey));
  }
  assert.equal(localStorage.length, 0);
});

test('two at once agree on one key', async () => {
  const [one, two] = await Promise.all([make().jwk(), make().jwk()]);
  assert.deepEqual(one, two);
  assert.equal(database.kept.size, 1);
});

for (const [what, lack] of /** @type {[string, () => void][]} */ ([
  ['no WebCrypto', () => Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true })],
  ['no IndexedDB', () => delete globalThis.indexedDB],
  ['a database that is denied', () => (globalThis.indexedDB = { open() { throw new Error('denied'); } })],
  ['a database that takes no keys', () => (database.kept.set = () => { throw new Error('DataCloneError'); })],
])) {
  test(`${what}: sessions are bearers, and what was bound is over`, async () => {
    lack();
    const { ask, jwk } = make();
    assert.equal(await jwk(), undefined);
    await ask('comments', { method: 'POST', held: { ...BOUND, token_type: 'Bearer' } });
    await ask('comments', { method: 'POST', held: { ...BOUND, token_type: undefined } });
    for (const { options } of calls) assert.deepEqual(options.headers, { Authorization: `Bearer ${BOUND.token}` });
    await assert.rejects(ask('comments', { held: BOUND }), { code: 'session.bad_proof', status: 401 });
    assert.equal(calls.length, 2);
  });
}

test('a clock that is wrong is set by the server, once, and stays so', async () => {
  const now = Math.floor(Date.now() / 1000) + 86_400;
  const { ask } = make();
  answers = [refuse({ now })];
  assert.equal(await ask('comments', { method: 'POST', key: 'k'.repeat(16), held: BOUND }), 'done');
  assert.equal(await ask('me/comments', { held: BOUND }), 'done');
  const said = await Promise.all(calls.map(({ options }) => opened(options.headers)));
  assert.deepEqual(said.map(({ claims }) => Math.abs(claims.iat - now) < 5), [false, true, true]);
  assert.equal(said[0].claims.jti, said[1].claims.jti);
});

test('a refusal for another reason is told, and one that comes again', async () => {
  const { ask } = make();
  for (const details of [{ now: Math.floor(Date.now() / 1000) }, {}, undefined]) {
    calls = [];
    answers = [refuse(details)];
    await assert.rejects(ask('comments', { held: BOUND }), { code: 'session.bad_proof' });
    assert.equal(calls.length, 1);
  }
  calls = [];
  answers = [refuse({ now: 1_000 }), refuse({ now: 2_000_000 })];
  await assert.rejects(ask('comments', { held: BOUND }), { code: 'session.bad_proof' });
  assert.equal(calls.length, 2);
});

test('who asks for nobody carries nothing', async () => {
  await make().ask('session', { method: 'POST', body: {} });
  assert.deepEqual(calls[0].options, { method: 'POST', body: {} });
});
