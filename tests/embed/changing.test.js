/** Changing and deleting one's own: how long one may, the way back, and changes that were made elsewhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, LOCALES, look, one, refuse, seen, server, show, thread } from './stage.js';

const FAR = '2100-01-01T00:00:00Z';
const soon = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
function known(mine) {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  server['GET me/comments'] = () => ({ comments: mine, pending: [] });
}
async function deleting(stage, id) {
  const { $ } = stage;
  await until(() => $(`#comment-${id} > article [part=delete]`));
  $(`#comment-${id} > article [part=delete]`).click();
  await until(() => $('.confirm'));
  $('.confirm').click();
  return until(() => $('[part=undo]'));
}

for (const [left, words] of [
  [150, '3 minutes left to change it'],
  [60.5, '2 minutes left to change it'],
  [7200, null],
]) {
  test(`${left} seconds left: ${words}`, async () => {
    known([{ id: 'a', raw: 'raw', until: soon(left) }]);
    const { $ } = await look();
    await until(() => $('#comment-a > article [part=edit]'));
    assert.equal($('#comment-a > article [part=until]')?.textContent ?? null, words);
    assert.equal($('#comment-c [part=until]'), null);
  });
}

test('the last minute is told by the second, and then it is over', async () => {
  known([{ id: 'a', raw: 'raw', until: soon(1.5) }]);
  const { $ } = await look();
  const line = await until(() => $('#comment-a > article [part=until]'));
  assert.match(line.textContent, /^\d seconds? left/);
  assert.equal(line.getAttribute('role'), 'timer');
  await until(() => !$('#comment-a > article [part=edit]'));
  assert.equal($('[part=until]'), null);
});

for (const [id, what] of [
  ['c', 'one without answers comes back where it stood'],
  ['a', 'a tombstone becomes the comment again'],
]) {
  test(`undo: ${what}`, async () => {
    server['GET threads'] = () => thread([one('a'), one('b', { parent: 'a' }), one('c'), one('d')]);
    known([{ id, raw: 'raw', until: FAR }]);
    server[`DELETE comments/${id}`] = () => ({ thread: { count: 3, version: 4 }, until: FAR });
    server[`POST comments/${id}/restore`] = () => ({ comment: one(id, { raw: 'raw', until: FAR }), thread: { count: 4, version: 5 } });
    const stage = await show();
    const { $, $$ } = stage;
    const undo = await deleting(stage, id);
    assert.equal(stage.el.shadowRoot.activeElement, undo);
    assert.equal($(`#comment-${id} .body`)?.textContent ?? LOCALES['list.deleted'], LOCALES['list.deleted']);
    undo.click();
    await until(() => $(`#comment-${id}`)?.dataset.state === 'published');
    assert.deepEqual($$('li').map((item) => item.id), ['comment-a', 'comment-b', 'comment-c', 'comment-d']);
    assert.equal($('[part=undo]'), null);
    assert.equal($(`#comment-${id} .body`).textContent, `text of ${id}`);
    assert.ok($(`#comment-${id} > article [part=delete]`), 'it can be deleted again');
    assert.equal($('h2').textContent, '4 responses to «A post»');
  });
}

test('undo that comes too late says so', async () => {
  known([{ id: 'c', raw: 'raw', until: FAR }]);
  server['DELETE comments/c'] = () => ({ thread: { count: 2, version: 4 }, until: FAR });
  server['POST comments/c/restore'] = () => refuse(403, 'comment.undo_over');
  const stage = await show();
  (await deleting(stage, 'c')).click();
  await until(() => stage.$('.ask .error').textContent);
  assert.equal(stage.$('.ask .error').textContent, LOCALES['error.comment.undo_over']);
});

test('the way back goes when it is over', async () => {
  known([{ id: 'c', raw: 'raw', until: FAR }]);
  server['DELETE comments/c'] = () => ({ thread: { count: 2, version: 4 }, until: soon(0.3) });
  const stage = await show();
  await deleting(stage, 'c');
  await until(() => !stage.$('[part=undo]'));
  assert.deepEqual(stage.$$('li').map((item) => item.id), ['comment-a', 'comment-b']);
});

test('changed in another place meanwhile: the text stays, what it says now is shown, and it can be saved over that', async () => {
  known([{ id: 'a', raw: 'raw', until: FAR }]);
  const news = one('a', { body: [['p', 'from the other tab']], edited: '2026-01-01T00:00:00Z' });
  const page = server['GET threads'];
  server['GET threads'] = (url) => (url.searchParams.get('since') ? { thread: { count: 3, version: 2 }, comments: [news], gone: [] } : page());
  server['PATCH comments/a'] = (_, { body }) =>
    JSON.parse(body).was === news.edited ? { comment: one('a', { body: [['p', 'mine']], edited: '2026-01-01T00:01:00Z', raw: 'mine', until: FAR }), thread: { count: 3, version: 3 } } : refuse(409, 'comment.changed');
  const { $, type } = await show();
  await until(() => $('#comment-a > article [part=edit]'));
  $('#comment-a > article [part=edit]').click();
  await until(() => $('#cw-edit-a'));
  type('#cw-edit-a', 'mine');
  const save = () => $('#comment-a > article form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  save();
  await until(() => $('#comment-a > article .error').textContent === LOCALES['write.changed'] && !$('#comment-a .body').hidden);
  assert.equal($('#cw-edit-a').value, 'mine');
  assert.equal($('#comment-a .body').textContent, 'from the other tab');
  save();
  await until(() => $('#comment-a .body').textContent === 'mine' && !$('#cw-edit-a'));
  assert.deepEqual(seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body.was), ['2011-04-02T20:00:00Z', news.edited]);
});
