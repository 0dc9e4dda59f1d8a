/** What comes when: the comments first, what one may do with them behind them, the composer for those who turn to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, LOCALES, USER, look, one, seen, server, thread, warned } from './stage.js';

const CHUNKS = ['CW_READER', 'CW_WRITER', 'CW_SIGNIN'];
/** Notes which chunks are asked for, from now on. */
function noted(t) {
  const asked = [];
  const right = Object.fromEntries(CHUNKS.map((name) => [name, globalThis[name]]));
  for (const name of CHUNKS) Object.defineProperty(globalThis, name, { configurable: true, get: () => (asked.push(name), right[name]) });
  t.after(() => {
    for (const name of CHUNKS) Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: right[name] });
  });
  return asked;
}
/** A chunk that does not come, until it is let. */
function cut(name, t) {
  const right = globalThis[name];
  globalThis[name] = 'file:///nowhere/chunk.js';
  const mend = () => void (globalThis[name] = right);
  t.after(mend);
  return mend;
}
const reading = ($) => until(() => $('time').title, "the reader's chunk");
const draft = (boxes) =>
  localStorage.setItem(`cw:draft|${BASE}|blog|https://blog.example/post`, JSON.stringify(Object.fromEntries(Object.entries(boxes).map(([name, box]) => [name, { at: Date.now(), ...box }]))));

test('who only reads fetches no composer, asks for nothing private, and sees whose comments are whose', async (t) => {
  const asked = noted(t);
  server['GET threads'] = () => thread([one('a', { author: { id: 'x', name: 'X', provider: 'demo' } })]);
  const { $ } = await look();
  await until(() => $('[part=provider]'), 'the badge');
  assert.match($('time').title, /2011/);
  assert.deepEqual(asked, ['CW_READER']);
  assert.equal($('[part=submit]'), null);
  assert.deepEqual(seen.map((call) => call.path), ['threads', 'site']);
});

test('who is known here gets the buttons on what is their own, and no composer', async (t) => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  server['GET me/comments'] = () => ({ comments: [{ id: 'a', raw: 'raw', until: '2100-01-01T00:00:00Z' }], pending: [one('p', { author: USER, state: 'pending', raw: 'p', until: '2100-01-01T00:00:00Z' })] });
  const asked = noted(t);
  const { $, $$ } = await look();
  await until(() => $('#comment-a > article [part=edit]'));
  assert.equal($$('#comment-p [part=notice]').length, 1);
  assert.deepEqual(asked, ['CW_READER']);
});

for (const [intent, act] of [
  ['focus', ($) => $('textarea').focus()],
  ['a pointer over the box', ($) => $('form').dispatchEvent(new Event('pointerenter'))],
]) {
  test(`${intent} fetches the composer, once`, async (t) => {
    const asked = noted(t);
    const { $, $$ } = await look();
    act($);
    act($);
    await until(() => $('[part=submit]'));
    assert.deepEqual(asked.filter((name) => name === 'CW_WRITER'), ['CW_WRITER']);
    assert.equal($$('[part=submit]').length, 1);
  });
}

test('Reply fetches it too', async () => {
  const { $ } = await look();
  (await until(() => $('#comment-c [part=reply]'))).click();
  await until(() => $('#comment-c form'));
});

test('what was left unfinished stands there again, without being asked for', async () => {
  draft({ root: { text: 'half', open: true }, 'reply:b': { text: 'an answer', open: true }, 'reply:c': { text: 'thought better of', open: false } });
  const { $ } = await look();
  await until(() => $('#comment-b textarea'));
  assert.equal($('form textarea').value, 'half');
  assert.equal($('#comment-b textarea').value, 'an answer');
  assert.equal($('#comment-c textarea'), null);
});

test('drafts that were put aside bring nothing', async (t) => {
  draft({ 'reply:c': { text: 'thought better of', open: false } });
  const asked = noted(t);
  const { $ } = await look();
  await reading($);
  await until(() => seen.some((call) => call.path === 'site'));
  assert.deepEqual(asked, ['CW_READER']);
});

for (const chunk of ['CW_READER', 'CW_WRITER']) {
  test(`${chunk} does not come: the comments are there, it says so once it is wanted, and can be asked for again`, async (t) => {
    const mend = cut(chunk, t);
    const { $, type } = await look();
    if (chunk === 'CW_READER') await until(() => warned.length);
    assert.equal($('form [role=alert]'), null, 'nobody asked for it');
    type('textarea', 'Typed all the same');
    $('textarea').focus();
    await until(() => $('form [role=alert]'));
    assert.match($('form [role=alert]').textContent, new RegExp(LOCALES['list.no_writer']));
    mend();
    $('form .retry').click();
    await until(() => $('[part=submit]'));
    assert.equal($('form .retry'), null);
    assert.equal($('textarea').value, 'Typed all the same');
  });
}

test('the site does not answer: reading goes on, and writing can be asked for again', async () => {
  const right = server['GET site'];
  server['GET site'] = () => new TypeError('cut');
  const { $ } = await look();
  await reading($);
  $('textarea').focus();
  await until(() => $('form .retry'));
  server['GET site'] = right;
  $('form .retry').click();
  await until(() => $('[part=submit]'));
});

test('"more" without its chunk says so beside the button', async (t) => {
  const mend = cut('CW_READER', t);
  server['GET threads'] = (url) => (url.searchParams.get('after') ? thread([one('z')]) : { ...thread([one('a')]), next: 'N' });
  const { $ } = await look();
  $('.more').click();
  await until(() => $('.grow .error').textContent === LOCALES['list.failed']);
  mend();
  $('.more').click();
  await until(() => $('#comment-z'));
  assert.equal($('.grow'), null);
});

test('what is for those who are known comes for them alone, and with the box; what is typed is kept when it does not', async (t) => {
  const mend = cut('CW_KNOWN', t);
  const { $, type, submit } = await look();
  await reading($);
  assert.equal(warned.length, 0, 'who only reads asks for none');
  type('textarea', 'Kept.');
  $('textarea').focus();
  await until(() => $('form [role=alert] .retry') || $('form .retry'));
  assert.equal($('textarea').value, 'Kept.');
  mend();
  $('form .retry').click();
  await until(() => $('[part=submit]'));
  assert.equal($('textarea').value, 'Kept.');
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  dispatchEvent(new StorageEvent('storage', { key: `cw:session|${BASE}|blog` }));
  submit();
  await until(() => $('#comment-new'));
  assert.equal(seen.find(({ path }) => path === 'comments').headers.Authorization, 'Bearer secret');
});
