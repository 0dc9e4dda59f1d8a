/** The order, answers put away, one conversation on its own, marks. What needs layout is in tests/e2e/thread. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { until } from './page.js';
import { BASE, LOCALES, look, one, refuse, seen, server, thread, warned } from './stage.js';

const { regional } = await import('../../static/src/i18n.js');
const threads = () => seen.filter((call) => call.path === 'threads').map(({ url }) => Object.fromEntries([...url.searchParams].filter(([name]) => !['site', 'url'].includes(name))));
const select = ($) => until(() => $('select'), 'the order');
const choose = ($, order) => {
  $('select').value = order;
  $('select').dispatchEvent(new Event('change'));
};
const chain = (length, from = 0) => Array.from({ length }, (_, at) => one(`n${from + at}`, from + at ? { parent: `n${from + at - 1}` } : { replies: length - 1 }));
beforeEach(() => history.replaceState(null, '', '/post'));

test('the order: asked for at once, kept for the site, and asked for with the first read of the next page', async () => {
  const { $, el } = await look();
  await select($);
  assert.equal($('select').value, 'oldest', "the site's");
  assert.deepEqual([...$('select').options].map((option) => option.textContent), ['oldest', 'newest', 'best', 'replies'].map((order) => LOCALES[`list.sort.${order}`]));
  choose($, 'best');
  await until(() => threads().length === 2);
  assert.deepEqual(threads(), [{}, { sort: 'best' }]);
  assert.equal(localStorage.getItem(`cw:sort|${BASE}|blog`), '"best"');
  el.remove();
  const second = await look({ sort: 'newest' });
  assert.deepEqual(threads()[2], { sort: 'best' });
  await select(second.$);
  assert.equal(second.$('select').value, 'best');
  await look({ site: 'other', sort: 'newest' });
  assert.deepEqual(threads()[3], { sort: 'newest' }, 'another site');
});

test('storage that is denied: the page says in which order', async (t) => {
  const right = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => { throw new Error('denied'); } });
  t.after(() => Object.defineProperty(globalThis, 'localStorage', /** @type {PropertyDescriptor} */ (right)));
  await look({ sort: 'replies' });
  assert.deepEqual(threads()[0], { sort: 'replies' });
});

test('room for the order is kept where there is something to sort, and only there', async () => {
  for (const [comments, many] of [[[one('a')], false], [[one('a', { replies: 1 }), one('b', { parent: 'a' })], false], [[one('a'), one('b', { parent: 'a' }), one('c')], true]]) {
    server['GET threads'] = () => thread(comments);
    const { $, el } = await look();
    assert.equal($('.place').classList.contains('many'), many);
    el.remove();
  }
});

test('answers are put away by a button that says so, and shown again', async () => {
  server['GET threads'] = () => thread([one('a', { replies: 2 }), one('b', { parent: 'a' }), one('c', { parent: 'b' }), one('d')]);
  const { $, $$ } = await look();
  const fold = await until(() => $('#comment-a > article > .fold'));
  assert.equal($$('.fold').length, 2, 'a and b have answers');
  assert.equal(fold.getAttribute('aria-expanded'), 'true');
  assert.equal(fold.getAttribute('aria-label'), 'Hide the replies to Ada');
  fold.click();
  assert.ok($('#comment-a').classList.contains('shut'));
  assert.equal(fold.getAttribute('aria-expanded'), 'false');
  assert.equal(fold.textContent, 'Show 2 replies to Ada');
  fold.click();
  assert.ok(!$('#comment-a').classList.contains('shut'));
  assert.deepEqual(warned, []);
});

test('a link to a comment among answers that were put away shows them', async () => {
  server['GET threads'] = () => thread([one('a', { replies: 1 }), one('b', { parent: 'a' })]);
  const { $ } = await look();
  (await until(() => $('#comment-a > article > .fold'))).click();
  location.hash = '#comment-b';
  await until(() => !$('#comment-a').classList.contains('shut') && $('#comment-b.target'));
});

test('where nesting ends: one conversation on its own, rebased, and back to the whole as it was', async () => {
  const whole = thread([...chain(12), one('z')]);
  const branch = { ...thread(chain(14)), next: 'N' };
  server['GET threads'] = (url) => {
    const { at, root } = Object.fromEntries(url.searchParams);
    if (root) return thread([one('x', { parent: 'n0' }), one('y', { parent: 'n13' })]);
    return at ? branch : whole;
  };
  const { $, $$ } = await look();
  await until(() => $('.continue'));
  assert.equal($$('.continue').length, 1);
  const before = $('#comment-z');
  $('#comment-n8 > article .continue').click();
  await until(() => $('[part=one]'));
  assert.deepEqual(threads().at(-1)?.at, 'n8');
  assert.equal(location.hash, '#comment-n8');
  assert.equal($('#comment-z'), null);
  assert.ok($('#comment-n0 > ol > #comment-n8.target'), 'what leads there stands in a row');
  assert.ok($('#comment-n8 > ol > #comment-n9 > ol > #comment-n10'), 'from there on it nests');
  assert.equal($('#comment-n8 .to').textContent, 'In reply to Ada');
  $('.foot .more').click();
  await until(() => $('#comment-y'));
  assert.equal($('#comment-x'), null, 'another answer to the root is not of this conversation');
  assert.equal($('.foot .more'), null);
  $('[part=one] button').click();
  assert.equal($('#comment-z'), before);
  assert.equal($('[part=one]'), null);
  assert.equal(location.hash, '');
  assert.equal($$('.list > li').length, 2);
  assert.deepEqual(warned, []);
});

test('loading anew shows the whole', async () => {
  server['GET threads'] = (url) => (url.searchParams.get('at') ? thread([one('far')]) : thread([one('a'), one('b')]));
  location.hash = '#comment-far';
  const { el, $ } = await look();
  await until(() => $('#comment-far.target') && $('[part=one]'));
  history.replaceState(null, '', '/post');
  await el.reload();
  assert.ok($('#comment-a'));
  assert.equal($('[part=one]'), null);
});

test('a comment whose way up is not whole hangs on the root', async () => {
  server['GET threads'] = (url) => (url.searchParams.get('at') ? thread([one('r'), one('m', { parent: 'unknown' }), one('far', { parent: 'm' })]) : thread([one('a')]));
  location.hash = '#comment-far';
  const { $ } = await look();
  await until(() => $('#comment-far.target'));
  assert.ok($('#comment-r > ol > #comment-m'));
  assert.ok($('#comment-r > ol > #comment-far'));
});

test('a link to what is gone says so, and changes nothing', async () => {
  const right = server['GET threads'];
  server['GET threads'] = (url) => (url.searchParams.get('at') ? refuse(404, 'comment.not_found') : right(url));
  location.hash = '#comment-gone';
  const { $, $$ } = await look();
  await until(() => $('[part=one]'));
  assert.equal($('[part=one]').textContent.trim(), LOCALES['list.missing']);
  assert.equal($$('article').length, 3);
  location.hash = '#comment-c';
  await until(() => $('#comment-c.target'));
  assert.equal($('[part=one]'), null);
});

for (const hash of ['#comment-', '#comment-a%20b', `#comment-${'x'.repeat(65)}`, '#other', '#comment-a/../b']) {
  test(`nothing is fetched for ${hash.slice(0, 20)}`, async () => {
    location.hash = hash;
    const { $ } = await look();
    await select($);
    assert.equal(threads().length, 1);
    assert.deepEqual(warned, []);
  });
}

test('who somebody is on this site, and what stands first', async () => {
  const people = [{ id: 'o', name: 'Olga', role: 'owner' }, { id: 'm', name: 'Mo', role: 'moderator' }, { id: 'x', name: 'Xu', role: 'admiral' }];
  server['GET threads'] = () => thread([one('a', { author: people[0], pinned: true }), one('b', { author: people[1] }), one('c', { author: people[2] })]);
  const { $ } = await look();
  await until(() => $('[part=pinned]'));
  assert.equal($('#comment-a [part=badge]').textContent, 'Site owner');
  assert.equal($('#comment-b [part=badge]').textContent, 'Moderator');
  assert.equal($('#comment-c [part=badge]'), null);
  assert.deepEqual([...$('#comment-a .meta').children].map((el) => el.dataset.slot), ['author', 'badge', 'time', 'mark']);
});

test('a page without a region has the reader’s own', () => {
  assert.equal(regional('en', ['de-DE', 'en-GB', 'en-US']), 'en-GB');
  assert.equal(regional('en-US', ['en-GB']), 'en-US');
  assert.equal(regional('it', ['en-GB']), 'it');
  assert.equal(regional('sr', ['sr-Latn-RS']), 'sr');
  assert.equal(regional('en', []), 'en');
});
