/** A comment that finds no connection is kept, sent again with its own key, and made once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, LOCALES, USER, json, look, one, refuse, seen, server, show } from './stage.js';

const SHELF = `cw:draft|${BASE}|blog|https://blog.example/post`;
const draft = () => JSON.parse(localStorage.getItem(SHELF) || '{}').root;
const known = () => localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
const posts = () => seen.filter(({ method, path }) => `${method} ${path}` === 'POST comments');
const leave = () => {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
};

for (const [what, answer] of [
  ['no answer', () => new TypeError('cut')],
  ['a gateway whose server is away', () => refuse(503, 'server.busy')],
]) {
  test(`${what}: the comment waits, goes out again with its key, and stands there once`, async () => {
    known();
    const right = server['POST comments'];
    server['POST comments'] = answer;
    const { $, $$, type, submit } = await show();
    type('textarea', 'kept');
    assert.equal(leave(), false, 'what is typed is stored');
    submit();
    await until(() => !$('[part=waiting]').hidden);
    assert.equal($('[part=waiting] span').textContent, LOCALES['write.offline']);
    assert.equal($('[part=submit]').textContent, LOCALES['write.waits']);
    assert.equal($('textarea').readOnly, true);
    assert.equal(leave(), true, 'it is not sent yet');
    assert.equal(draft().waits, true);
    dispatchEvent(new Event('online'));
    await until(() => posts().length === 2, 'another try');
    await until(() => draft().waits && !$('[part=waiting]').hidden);
    server['POST comments'] = right;
    dispatchEvent(new Event('online'));
    await until(() => $('#comment-new'));
    assert.equal($$('#comment-new').length, 1);
    assert.equal(new Set(posts().map((post) => JSON.stringify([post.headers['Idempotency-Key'], post.body]))).size, 1);
    assert.equal($('textarea').value, '');
    assert.equal($('textarea').readOnly, false);
    assert.equal($('[part=waiting]').hidden, true);
    assert.equal(draft(), undefined);
    assert.equal(leave(), false);
  });
}

test('it is tried again by itself', async () => {
  known();
  let tries = 0;
  const right = server['POST comments'];
  server['POST comments'] = (...call) => (tries++ ? right(...call) : new TypeError('cut'));
  const { $, type, submit } = await show();
  type('textarea', 'kept');
  submit();
  await until(() => $('#comment-new'));
  assert.equal(tries, 2);
});

test('a guest who has no session yet waits as well', async () => {
  const right = server['POST session'];
  server['POST session'] = () => new TypeError('cut');
  const { $, type, submit } = await show();
  type('textarea', 'kept');
  const name = await until(() => $('.tray input[autocomplete~=name], .tray input'));
  name.value = 'Zoë';
  name.dispatchEvent(new Event('input', { bubbles: true }));
  submit();
  await until(() => $('[part=waiting]') && !$('[part=waiting]').hidden);
  server['POST session'] = right;
  dispatchEvent(new Event('online'));
  await until(() => $('#comment-new'));
});

test('after a reload it goes on waiting, in the name in which it was said', async () => {
  const other = { ...HELD, token: 'other', user: { id: 'ann', name: 'Ann' } };
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'ann', held: { zoe: HELD, ann: other } }));
  const body = { site: 'blog', page: { url: 'https://blog.example/post' }, text: 'kept' };
  localStorage.setItem(SHELF, JSON.stringify({ root: { text: 'kept', open: true, waits: true, at: Date.now(), sent: { mark: `${USER.id} kept`, key: 'k'.repeat(32), body } } }));
  const { $ } = await look();
  await until(() => $('#comment-new'));
  assert.deepEqual(posts().map(({ headers, body: said }) => [headers['Idempotency-Key'], headers.Authorization, said]), [['k'.repeat(32), 'Bearer secret', body]]);
});

test('whose session is gone meanwhile is asked who they are, and keeps the text', async () => {
  localStorage.setItem(SHELF, JSON.stringify({ root: { text: 'kept', open: true, waits: true, at: Date.now(), sent: { mark: 'zoe kept', key: 'k'.repeat(32), body: { text: 'kept' } } } }));
  const { $ } = await look();
  await until(() => $('[part=tray]') && $('[part=waiting]').hidden);
  assert.equal($('textarea').value, 'kept');
  assert.equal($('textarea').readOnly, false);
  assert.equal(posts().length, 0);
});

test('Cancel gives the text back, and nothing is sent', async () => {
  known();
  server['POST comments'] = () => new TypeError('cut');
  const { $, type, submit } = await show();
  type('textarea', 'kept');
  submit();
  await until(() => !$('[part=waiting]').hidden);
  $('[part=waiting] button').click();
  assert.equal($('[part=waiting]').hidden, true);
  assert.equal($('textarea').readOnly, false);
  assert.equal($('textarea').value, 'kept');
  const before = posts().length;
  dispatchEvent(new Event('online'));
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(posts().length, before);
  assert.equal(draft().waits, false);
});

test('another tab that has sent it empties the box here', async () => {
  known();
  server['POST comments'] = () => new TypeError('cut');
  const { $, type, submit } = await show();
  type('textarea', 'kept');
  submit();
  await until(() => !$('[part=waiting]').hidden);
  localStorage.removeItem(SHELF);
  dispatchEvent(new StorageEvent('storage', { key: SHELF }));
  assert.equal($('textarea').value, '');
  assert.equal($('[part=waiting]').hidden, true);
});

test('a refusal after the wait is said, and the text is there to be changed', async () => {
  known();
  server['POST comments'] = () => new TypeError('cut');
  const { $, type, submit } = await show();
  type('textarea', 'kept');
  submit();
  await until(() => !$('[part=waiting]').hidden);
  server['POST comments'] = () => refuse(422, 'comment.too_long');
  dispatchEvent(new Event('online'));
  await until(() => /too long|comment.too_long/.test($('[part=error]').textContent));
  assert.equal($('textarea').value, 'kept');
  assert.equal($('textarea').readOnly, false);
  assert.equal($('[part=waiting]').hidden, true);
  server['POST comments'] = (_, { body }) => json(201, { comment: one('new', { author: USER, body: [['p', JSON.parse(body).text]] }), thread: { count: 4, version: 2 } });
});
