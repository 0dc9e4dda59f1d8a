/** The seams: a comment's rows, the features of reading, the tools of writing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, USER, look, one, server, thread, warned } from './stage.js';

const { slot } = await import('../../static/src/reader/slots.js');
const { guard, h } = await import('../../static/src/dom.js');
const { bench } = await import('../../static/src/writer/bench.js');
const names = (row) => [...row.children].map((el) => el.dataset.slot);

test('whoever comes first, the rows keep their order; another takes the place, null empties it', () => {
  const view = /** @type {any} */ ({ meta: h('div'), actions: h('div') });
  for (const name of ['menu', 'likes', 'delete', 'reply', 'edit', 'mark', 'provider', 'author', 'edited', 'badge']) slot(view, name, h('b', {}, name));
  assert.deepEqual(names(view.actions), ['likes', 'reply', 'edit', 'delete', 'menu']);
  assert.deepEqual(names(view.meta), ['author', 'badge', 'provider', 'edited', 'mark']);
  slot(view, 'reply', h('i'));
  slot(view, 'badge', null);
  assert.deepEqual(names(view.actions), ['likes', 'reply', 'edit', 'delete', 'menu']);
  assert.equal(view.actions.children[1].tagName, 'I');
  assert.deepEqual(names(view.meta), ['author', 'provider', 'edited', 'mark']);
});

/** A widget and what its features get, which a composer of our own hands out. */
async function inside(t) {
  const right = globalThis.CW_WRITER;
  globalThis.CW_WRITER = 'data:text/javascript,export const attach = (context) => ((globalThis.handed = context), {});';
  t.after(() => void (globalThis.CW_WRITER = right));
  const stage = await look();
  globalThis.handed = null;
  stage.$('textarea').focus();
  return { ...stage, context: /** @type {import('../../static/src/types').KnownContext} */ (await until(() => globalThis.handed)) };
}

test('a feature is told of what is there, of what comes, and of who speaks', async (t) => {
  server['GET threads'] = (url) => (url.searchParams.get('after') ? thread([one('z')]) : { ...thread([one('a')]), next: 'N' });
  const { $, el, context } = await inside(t);
  const told = [];
  context.use({
    visit: (view) => told.push(`visit ${view.data.id}`),
    arrived: (page, first) => told.push(`arrived ${page.comments.map(({ id }) => id)} ${first}`),
    speaker: (user) => told.push(`speaker ${user?.id}`),
  });
  await until(() => told.length === 2);
  assert.deepEqual(told.splice(0), ['visit a', 'arrived a true']);
  $('.more').click();
  await until(() => $('#comment-z'));
  assert.deepEqual(told.splice(0), ['visit z', 'arrived z false']);
  context.put(one('a', { body: ['changed'] }));
  assert.deepEqual(told.splice(0), ['visit a']);
  context.sessions.add(HELD);
  context.sessions.forget(HELD.token);
  assert.deepEqual(told.splice(0), [`speaker ${USER.id}`, 'speaker undefined']);
  server['GET threads'] = () => thread([one('b')]);
  await el.reload();
  assert.deepEqual(told, ['visit b', 'arrived b true']);
});

test('a feature that fails takes none of the others along', async (t) => {
  const { context, $ } = await inside(t);
  const told = [];
  const fails = () => {
    throw new Error('mine');
  };
  context.use({ visit: fails, arrived: fails, speaker: fails });
  context.use({ visit: (view) => told.push(view.data.id) });
  await until(() => told.length === 3);
  context.put(one('new'));
  assert.deepEqual(told, ['a', 'b', 'c', 'new']);
  assert.ok($('#comment-new'));
  assert.ok(warned.length);
});

test('what features put beside a comment outlives its new state among the buttons, and is put anew beside the name', async (t) => {
  const { context, $ } = await inside(t);
  const like = h('button', {}, 'Like');
  context.use({
    visit(view) {
      if (view.data.id !== 'a' || !view.data.author) return;
      context.slot(view, 'mark', h('b', {}, 'Pinned'));
      if (!like.parentNode) context.slot(view, 'likes', like);
    },
  });
  const reply = $('#comment-a > article > .actions > .reply');
  context.put(one('a', { body: ['changed'], edited: '2012-01-01T00:00:00Z' }));
  assert.deepEqual(names($('#comment-a .actions')), ['likes', 'reply']);
  assert.equal($('#comment-a .actions').firstChild, like);
  assert.equal($('#comment-a > article > .actions > .reply'), reply);
  assert.deepEqual(names($('#comment-a .meta')), ['author', 'time', 'edited', 'mark']);
  context.put({ id: 'a', time: '2011-04-02T20:00:00Z', state: 'deleted' });
  assert.equal($('#comment-a > article > .actions').childNodes.length, 0);
});

test('what a feature gives, others have', async (t) => {
  const { context } = await inside(t);
  context.use({ gives: /** @type {any} */ ({ answer: 42 }) });
  assert.equal(/** @type {any} */ (context).answer, 42);
  assert.equal(typeof context.reveal, 'function');
  assert.equal(context.shelf, `draft|${BASE}|blog|https://blog.example/post`);
});

test('tools: told of the text, asked about keys, also those that come later; gone with their box', () => {
  const told = [];
  const tool = (name, more = {}) => ({ attach: (_, { bar, text }) => (bar.appendChild(h('b', {}, name)), { typed: () => told.push(`${name} ${text.value}`), ...more }) });
  const { equip, add } = bench(/** @type {any} */ ({ h, guard }), [tool('one'), tool('two', { key: (event) => event.key === 'b' })]);
  const text = h('textarea');
  text.value = 'a';
  const form = h('form', {}, text);
  const box = equip({ form, text, row: h('p'), name: 'root' });
  assert.equal(form.firstElementChild.textContent, 'onetwo');
  add(tool('three'));
  assert.deepEqual(told.splice(0), ['one a', 'two a', 'three a']);
  text.dispatchEvent(new Event('input'));
  assert.deepEqual(told.splice(0), ['one a', 'two a', 'three a']);
  for (const key of ['a', 'b']) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    text.dispatchEvent(event);
    assert.equal(event.defaultPrevented, key === 'b');
  }
  box.leave();
  add(tool('four'));
  assert.deepEqual(told, []);
});
