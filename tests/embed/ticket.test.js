/** What a guest's comment brings along, and what its author is told while it waits. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mock, test } from 'node:test';
import { work } from '../../static/src/work/work.js';
import { until } from './page.js';
import { BASE, HELD, LOCALES, USER, json, one, seen, server, show, warned } from './stage.js';

const ZOE = () => localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
const posts = () => seen.filter((call) => call.path === 'comments' && call.method === 'POST');
const asked = () => seen.filter((call) => call.path === 'form').length;
const zeros = (text) => createHash('sha256').update(text).digest().toString('hex').match(/^0*/)[0].length * 4;

/** Write as the guest Zoë, and wait for the answer. */
async function say(stage, text) {
  const before = posts().length;
  stage.type('textarea', text);
  stage.submit();
  await until(() => posts().length > before && stage.$('textarea').value === '', 'the answer');
}

test('a guest’s comment brings a token, each another one', async () => {
  ZOE();
  let given = 0;
  server['GET form'] = () => ({ token: `token-${++given}`, bits: 0 });
  const stage = await show();
  await say(stage, 'one');
  await say(stage, 'two');
  assert.deepEqual(posts().map(({ body }) => body.form), [{ token: 'token-1' }, { token: 'token-2' }]);
  assert.equal(seen.find((call) => call.path === 'form').url.searchParams.get('site'), 'blog');
});

test('the token is there before anything is written, and is asked for once', async () => {
  const { type } = await show();
  await until(() => asked() === 1);
  type('textarea', 'Hello');
  assert.equal(asked(), 1);
});

test('people with accounts bring nothing, and nothing is asked for', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: { ...HELD, user: { ...USER, guest: false, provider: 'demo' } } } }));
  const stage = await show();
  await say(stage, 'Hello');
  assert.equal(posts()[0].body.form, undefined);
  assert.equal(asked(), 0);
});

test('without a token the comment is sent all the same', async () => {
  ZOE();
  server['GET form'] = () => json(500, {});
  const stage = await show();
  await say(stage, 'Hello');
  assert.deepEqual(posts()[0].body.form, {});
  assert.deepEqual(warned, []);
});

test('the field that nobody sees is sent when something has filled it in', async () => {
  ZOE();
  const stage = await show();
  const trap = stage.$('[name=again]');
  assert.deepEqual([trap.getAttribute('tabindex'), trap.getAttribute('aria-hidden'), trap.className], ['-1', 'true', 'unseen']);
  trap.value = 'https://spam.example';
  await say(stage, 'Hello');
  assert.equal(posts()[0].body.form.trap, 'https://spam.example');
});

test('work is done where it is asked for', async () => {
  ZOE();
  server['GET form'] = () => ({ token: 'hard', bits: 8 });
  const stage = await show();
  await say(stage, 'Hello');
  const { form } = posts()[0].body;
  assert.ok(zeros(`${form.token}.${form.work}`) >= 8);
});

test('work stops once nobody needs it', async () => {
  const life = new AbortController();
  let now = 0;
  mock.method(performance, 'now', () => now++); // the tests' clock stands still: whoever rests between slices never would
  const long = work('never', 250, life.signal);
  life.abort();
  await assert.rejects(long, { name: 'AbortError' });
  mock.restoreAll();
});

for (const [waits, words] of Object.entries({ links: /links are read/, first: /first comment/, everyone: /every comment/, guest: /guests/, check: /Somebody/ }))
  test(`a comment that waits (${waits}) says what comes next, at the comment and to screen readers`, async () => {
    ZOE();
    server['POST comments'] = () => json(201, { comment: one('new', { author: USER, state: 'pending', waits, raw: 'x', until: '2100-01-01T00:00:00Z' }), thread: { count: 3, version: 1 } });
    const stage = await show();
    await until(() => seen.some((call) => call.path === 'me/comments'), 'what is the own');
    await say(stage, 'Hello');
    await until(() => stage.$('#comment-new [part=notice]')?.textContent.match(words), 'the words');
    const notice = stage.$('#comment-new > article > [part=notice]').textContent;
    assert.match(notice, words);
    assert.ok(notice.startsWith(LOCALES['list.pending']));
    assert.equal(stage.$$('#comment-new [part=notice]').length, 1);
  });
