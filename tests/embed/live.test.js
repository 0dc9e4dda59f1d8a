/** What is new: sorted out, announced, shown when it is wanted. When it is asked for. The real server is in tests/e2e/thread. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { look, one, server, thread, warned } from './stage.js';

const { attach } = await import('../../static/src/live/live.js');
const { pulse } = await import('../../static/src/live/pulse.js');
const NOW = () => new Date().toISOString();
const young = (id, more = {}) => one(id, { time: NOW(), new: true, ...more });

/** Time as it is told; `pass` lets some of it go by. */
function time(t) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
  t.mock.method(Math, 'random', () => 0.5);
  return async (ms) => {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
}
/** A window in which the widget is seen, or not. */
function eye(t) {
  const right = globalThis.IntersectionObserver;
  const made = [];
  globalThis.IntersectionObserver = /** @type {any} */ (
    class {
      constructor(told) {
        made.push(this);
        this.told = told;
      }
      observe() {
        this.see(true);
      }
      see(yes) {
        this.told([{ isIntersecting: yes }]);
      }
      disconnect() {}
    }
  );
  t.after(() => void (globalThis.IntersectionObserver = right));
  return made;
}
const showing = (state) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
};

/** The widget with its ears open, and a way to bring it news. */
async function open(t, comments, more = {}, attributes = {}) {
  const right = globalThis.CW_WRITER;
  globalThis.CW_WRITER = 'data:text/javascript,export const attach = (context) => ((globalThis.handed = context), {});';
  t.after(() => void (globalThis.CW_WRITER = right));
  let version = 1;
  let news = {};
  let count = comments.length;
  server['GET threads'] = (url) => (url.searchParams.has('since') ? { thread: { url: 'u', title: null, count, version, open: true }, comments: [], next: null, gone: [], reset: false, ...news } : { ...thread(comments), ...more });
  const stage = await look(attributes);
  globalThis.handed = null;
  stage.$('textarea').focus();
  const context = /** @type {any} */ (await until(() => globalThis.handed));
  context.site.live = 'poll';
  /** @type {any} */
  let ask;
  const eyes = eye(t);
  t.mock.method(globalThis, 'setTimeout', (work) => (work.name === 'turn' ? ((ask = work), 0) : queueMicrotask(work)));
  attach(context);
  eyes[0].see(true);
  const bring = async (what, n = count) => {
    version++;
    [news, count] = [what, n];
    await ask();
  };
  return { ...stage, context, bring, ask: () => ask() };
}

test('new comments and answers wait for a press; counts follow at once', async (t) => {
  const { $, $$, bring } = await open(t, [one('a'), one('b')]);
  await bring({ comments: [young('n1'), young('n2', { parent: 'n1' }), young('r', { parent: 'a' })] }, 5);
  assert.equal($('h2').textContent, '5 responses to «A post»');
  assert.equal($('.news').textContent, '2 new comments');
  assert.equal($('#comment-a > article > .answers').textContent, '1 new reply');
  assert.equal($$('li').length, 2);
  $('.answers').click();
  await until(() => $('#comment-a > ol > #comment-r.fresh'));
  assert.equal($('.answers'), null);
  $('.news').click();
  await until(() => $('.list > #comment-n1.fresh > ol > #comment-n2'));
  assert.equal($('.news'), null);
  assert.deepEqual(warned, []);
});

test('edits, reactions and deletions are applied in place; the same twice changes nothing', async (t) => {
  const { $, bring, context } = await open(t, [one('a'), one('b', { parent: 'a' }), one('c')]);
  const told = [];
  context.use({ visit: (view) => told.push(view.data.id) });
  await until(() => told.length === 3);
  const paragraph = $('#comment-c p');
  await bring({ comments: [one('a', { body: [['p', 'changed']], edited: NOW() }), one('c', { reactions: { like: 3 } })] });
  assert.equal($('#comment-a p').textContent, 'changed');
  assert.ok($('#comment-a [data-slot=edited]'));
  assert.equal($('#comment-c p'), paragraph, 'a count alone leaves the text alone');
  assert.deepEqual(context.thread.views.get('c').data.reactions, { like: 3 });
  assert.deepEqual(told.slice(3), ['a', 'c']);
  await bring({ comments: [{ id: 'a', time: NOW(), state: 'deleted' }], gone: ['c', 'never-seen'] }, 1);
  assert.equal($('#comment-a').dataset.state, 'deleted');
  assert.ok($('#comment-b'));
  assert.equal($('#comment-c'), null);
  assert.equal($('.news'), null);
});

test('what changed on pages that are not shown is no news; what was let through late is, in its place', async (t) => {
  const { $, $$, bring } = await open(t, [one('a', { more: 'R', replies: 5 }), one('b', { time: '2011-04-04T00:00:00Z' })], { next: 'N' });
  await bring({ comments: [one('old', { reactions: { like: 1 } }), one('answer', { parent: 'a' }), one('deep', { parent: 'nowhere', new: true })] });
  assert.equal($('.news'), null);
  assert.equal($('.answers'), null);
  await bring({ comments: [one('let-through', { parent: 'b', new: true }), one('between', { time: '2011-04-03T00:00:00Z', new: true }), young('last')] });
  assert.equal($('#comment-b > article > .answers').textContent, '1 new reply');
  assert.equal($('.news').textContent, '2 new comments');
  $('.news').click();
  await until(() => $('#comment-last'));
  assert.deepEqual(
    $$('.list > li').map((el) => el.dataset.id),
    ['a', 'between', 'b', 'last'],
  );
});

for (const [sort, places] of Object.entries({ newest: ['last', 'b', 'between', 'a'], best: ['b', 'a', 'between', 'last'], replies: ['b', 'a', 'between', 'last'] })) {
  test(`in the order “${sort}” new ones stand where that order has them`, async (t) => {
    const { $, $$, bring } = await open(t, [one('b', { time: '2011-04-04T00:00:00Z' }), one('a')], {}, { sort });
    await bring({ comments: [one('between', { time: '2011-04-03T00:00:00Z', new: true }), young('last')] });
    $('.news').click();
    await until(() => $('#comment-last'));
    assert.deepEqual(
      $$('.list > li').map((el) => el.dataset.id),
      places,
    );
  });
}

test('a deleted comment that comes back with an answer to it is not counted, and stands above it', async (t) => {
  const { $, $$, bring } = await open(t, [one('a')]);
  await bring({ comments: [{ id: 't', time: '2011-04-02T21:00:00Z', state: 'deleted', new: true }, one('r', { parent: 't', time: '2011-04-02T22:00:00Z', new: true })] });
  assert.equal($('.news').textContent, '1 new comment');
  await bring({ gone: ['r'] });
  assert.equal($('.news'), null, 'it alone is nothing to be seen');
  await bring({ comments: [one('r', { parent: 't', time: '2011-04-02T22:00:00Z', new: true })] });
  $('.news').click();
  await until(() => $('.list > #comment-t > ol > #comment-r'));
  assert.deepEqual(
    $$('.list > li').map((el) => el.dataset.id),
    ['a', 't'],
  );
});

test('one’s own that comes back is not announced; one that goes before it was wanted is forgotten', async (t) => {
  const { $, bring, context } = await open(t, [one('a')]);
  await bring({ comments: [young('mine'), young('theirs')] }, 3);
  assert.equal($('.news').textContent, '2 new comments');
  context.put(young('mine'));
  assert.equal($('.news').textContent, '1 new comment');
  await bring({ gone: ['theirs'] }, 2);
  assert.equal($('.news'), null);
  await bring({ comments: [young('mine', { body: ['again'] })] }, 2);
  assert.equal($('.news'), null);
});

test('where somebody writes, the box stays', async (t) => {
  const { $, bring, context } = await open(t, [one('a')]);
  const box = document.createElement('form');
  context.thread.views.get('a').below.appendChild(box);
  await bring({ comments: [one('a', { body: ['changed'] })] });
  assert.equal($('#comment-a form'), box);
  await bring({ gone: ['a'] }, 0);
  assert.equal($('#comment-a form'), box);
  assert.equal($('#comment-a').dataset.state, 'deleted');
  assert.match($('#comment-a [part=gone]').textContent, /removed/);
});

test('too much is one button that loads anew', async (t) => {
  const { $, $$, bring } = await open(t, [one('a')]);
  await bring({ reset: true }, 40);
  assert.equal($('.news').textContent, '39 new comments');
  server['GET threads'] = () => thread([one('x'), one('y')], { version: 9 });
  $('.news').click();
  await until(() => $$('.list > li').length === 2);
  assert.equal($('.news'), null);
});

/** A pulse of its own. */
function beat(t, { address = '', answers = [], known = () => 1 } = {}) {
  const pass = time(t);
  const eyes = eye(t);
  const life = new AbortController();
  t.after(() => life.abort());
  const asked = [];
  const begun = Date.now();
  pulse({
    el: document.body,
    signal: life.signal,
    address,
    known,
    async ask() {
      asked.push(Math.round((Date.now() - begun) / 1000));
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return !!answer;
    },
  });
  return { pass, life, asked, eye: eyes[0] };
}

test('asks more and more seldom while nothing happens, and quickly again after news', async (t) => {
  const { pass, asked } = beat(t, { answers: [false, false, true, false] });
  for (let second = 0; second < 60; second++) await pass(1000);
  assert.deepEqual(asked, [8, 20, 38, 46, 58]);
  for (let second = 0; second < 3600; second++) await pass(1000);
  const gaps = asked.slice(1).map((at, nth) => at - asked[nth]);
  assert.equal(Math.max(...gaps), 120);
});

test('waits longer after every failure', async (t) => {
  const { pass, asked } = beat(t, { answers: [new Error('1'), new Error('2'), new Error('3'), true] });
  for (let second = 0; second < 140; second++) await pass(1000);
  assert.deepEqual(asked, [8, 24, 56, 120, 128, 140]);
});

test('only while it can be seen; at once when it is overdue; never after it is gone', async (t) => {
  const { pass, asked, eye: sight, life } = beat(t);
  showing('hidden');
  await pass(600_000);
  assert.deepEqual(asked, []);
  showing('visible');
  await pass(1_000);
  assert.equal(asked.length, 1);
  sight.see(false);
  await pass(600_000);
  assert.equal(asked.length, 1);
  sight.see(true);
  await pass(1_000);
  assert.equal(asked.length, 2);
  life.abort();
  await pass(600_000);
  showing('visible');
  await pass(600_000);
  assert.equal(asked.length, 2);
});

/** A stream as the browser has them. */
function streams(t) {
  const made = [];
  globalThis.EventSource = /** @type {any} */ (
    class {
      static CLOSED = 2;
      readyState = 1;
      constructor(address) {
        made.push(this);
        this.address = address;
      }
      close() {
        this.readyState = 2;
      }
    }
  );
  t.after(() => Reflect.deleteProperty(globalThis, 'EventSource'));
  return made;
}

test('told by a stream: asks when the version is another one, closes when it is not seen', async (t) => {
  const made = streams(t);
  const { pass, asked } = beat(t, { address: 'https://comments.example/live', known: () => 5 });
  await pass(600_000);
  assert.equal(made.length, 1);
  made[0].onmessage({ data: '5' });
  await pass(5_000);
  assert.deepEqual(asked, []);
  made[0].onmessage({ data: '6' });
  await pass(1_000);
  assert.equal(asked.length, 1);
  await pass(600_000);
  assert.equal(asked.length, 1, 'it does not ask besides');
  showing('hidden');
  assert.equal(made[0].readyState, 2);
  showing('visible');
  assert.equal(made.length, 2);
});

test('a stream that is refused, or that breaks again and again: asks instead, and tries once more much later', async (t) => {
  const made = streams(t);
  const { pass, asked } = beat(t, { address: 'https://comments.example/live' });
  made[0].onerror();
  made[0].onerror();
  await pass(60_000);
  assert.deepEqual(asked, [], 'the browser begins it again');
  made[0].onerror();
  await pass(10_000);
  assert.equal(asked.length, 1);
  showing('hidden');
  showing('visible');
  assert.equal(made.length, 1);
  await pass(400_000);
  showing('hidden');
  showing('visible');
  assert.equal(made.length, 2);
  made[1].readyState = 2;
  made[1].onerror();
  const before = asked.length;
  await pass(200_000);
  assert.ok(asked.length > before);
});
