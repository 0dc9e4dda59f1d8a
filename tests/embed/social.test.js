/** What opens at a comment: its menu, people, reports, versions; and people who are hidden. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBER, SHELF, dots, known, opened, press, rows } from './menus.js';
import { until } from './page.js';
import { BASE, HELD, json, look, one, refuse, seen, server, thread, warned } from './stage.js';

test("what the menu offers depends on whose comment it is, and what became of it", async () => {
  known(MEMBER);
  server['GET threads'] = () => thread([one('a', { edited: '2012-01-01T00:00:00Z' }), one('mine', { author: MEMBER.user }), { id: 'gone', time: '2011-04-02T20:00:00Z', state: 'deleted' }]);
  server['GET me/comments'] = () => ({ comments: [], pending: [one('waits', { author: MEMBER.user, state: 'pending' })], reactions: {}, page: null, flagged: ['a'] });
  server['GET session'] = () => ({ user: MEMBER.user, site: 'blog', expires: MEMBER.expires });
  const { $, $$ } = await look();
  await until(() => $('#comment-waits'));
  assert.equal(dots($, 'gone'), null);
  assert.equal(dots($, 'waits'), null);
  dots($).click();
  await until(() => $('[role=menu]'));
  assert.deepEqual(rows($$), ['Copy the link', 'Earlier versions', 'You have reported this comment.', 'Hide Ada']);
  assert.equal($('[role=menu]').getAttribute('aria-label'), 'More about this comment');
  dots($, 'mine').click();
  await until(() => $$('[role=menu]').length === 1 && rows($$).length === 1);
  assert.deepEqual(rows($$), ['Copy the link']);
  assert.equal(dots($).getAttribute('aria-expanded'), null);
  assert.equal(dots($, 'mine').getAttribute('aria-expanded'), 'true');
});

test('arrows, Home, End, Escape, and the button again', async () => {
  const { $, $$, el } = await opened();
  const at = () => $$('[role=menu] > *').indexOf(el.shadowRoot.activeElement);
  const menu = $('[role=menu]');
  assert.equal(at(), 0);
  for (const [key, to] of [['ArrowDown', 1], ['ArrowUp', 0], ['ArrowUp', 2], ['Home', 0], ['End', 2], ['ArrowDown', 0]]) {
    press(menu, key);
    assert.equal(at(), to, key);
  }
  press(menu, 'Escape');
  assert.equal($('[role=menu]'), null);
  assert.equal(el.shadowRoot.activeElement, dots($));
  press(dots($), 'ArrowUp');
  await until(() => $('[role=menu]'));
  assert.equal(at(), 2);
  dots($).click();
  await until(() => !$('[role=menu]'));
});

test('a comment that goes takes its menu along', async () => {
  const { $, el } = await opened();
  server['GET threads'] = () => thread([one('b')]);
  await el.reload();
  dispatchEvent(new Event('resize'));
  assert.equal($('[role=menu]'), null);
});

test('moderators pin and unpin roots; others are not offered it', async () => {
  known({ ...MEMBER, token: 'of a moderator' });
  server['GET threads'] = () => thread([one('a'), one('b', { parent: 'a' }), one('c')]);
  server['GET session'] = () => ({ user: MEMBER.user, site: 'blog', expires: MEMBER.expires, role: 'moderator' });
  server['PUT comments/c/pin'] = () => json(200, { pinned: 'c', thread: {} });
  server['DELETE comments/c/pin'] = () => json(200, { pinned: null, thread: {} });
  const { $, $$, choose } = await opened('c');
  await until(() => rows($$).includes('Pin to the top'));
  choose(3);
  await until(() => $('.list > li').id === 'comment-c');
  dots($, 'c').click();
  await until(() => rows($$).includes('Unpin'));
  choose(3);
  await until(() => seen.some(({ method, path }) => method === 'DELETE' && path === 'comments/c/pin'));
  dots($, 'b').click();
  await until(() => rows($$).includes('Delete'));
  assert.ok(!rows($$).includes('Pin to the top'), 'not an answer');
  assert.equal(seen.filter(({ path }) => path === 'session').length, 1, 'asked once');
});

test('a pin that is refused says so at the comment', async () => {
  known({ ...MEMBER, token: 'of another one' });
  server['GET session'] = () => ({ user: MEMBER.user, role: 'owner' });
  server['PUT comments/a/pin'] = () => refuse(403, 'role.missing');
  const { $, $$, choose } = await opened();
  await until(() => rows($$).includes('Delete'));
  choose(3);
  assert.equal((await until(() => $('#comment-a > article > .error'))).textContent, 'You cannot do this on this site.');
});

test('people who reacted: a part at a time, those of an import without a name', async () => {
  const person = (at) => ({ id: `p${at}`, name: `Person ${at}`, kind: 'like', url: at ? undefined : 'https://p.example/', provider: 'demo' });
  server['GET threads'] = () => thread([one('a', { reactions: { like: 25 } })]);
  let cursor = true;
  server['GET comments/a/reactions'] = (url) => {
    const after = url.searchParams.get('after');
    if (after === 'p19' && cursor) return (cursor = false), refuse(400, 'thread.bad_cursor');
    const part = Array.from({ length: after ? 2 : 20 }, (_, at) => person(after ? 20 + at : at));
    return { reactions: { like: 25 }, people: part, next: after ? null : 'p19' };
  };
  const { $, $$, el } = await look();
  (await until(() => $('#comment-a > article .likes'))).click();
  await until(() => $$('dialog li').length === 20);
  assert.equal($('dialog h3').textContent, 'Who reacted');
  assert.equal($('dialog li a').getAttribute('href'), 'https://p.example/');
  assert.equal($('dialog li a').getAttribute('rel'), 'nofollow ugc noopener noreferrer');
  assert.match($('dialog li').textContent, /Person 0.*Demo ID/);
  assert.equal($('dialog .more').textContent, 'and 5 other people');
  // The last of them took it back meanwhile: from the beginning.
  $('dialog .more').click();
  await until(() => !cursor && $('dialog .more'));
  $('dialog .more').click();
  await until(() => $$('dialog li').length === 22);
  assert.equal(el.shadowRoot.activeElement, $$('dialog li')[20], 'the keyboard goes on in what came');
  assert.equal($('dialog .more'), null);
  assert.match($('dialog .rest').textContent, /and 3 other people/);
  $('dialog .close').click();
  assert.equal($('dialog'), null);
});

test('people who cannot be fetched are asked for again', async () => {
  server['GET threads'] = () => thread([one('a')], { reactions: { like: 1 } });
  server['GET threads/reactions'] = () => new TypeError('cut');
  const { $ } = await look();
  (await until(() => $('.applause .likes:not([hidden])'))).click();
  await until(() => $('dialog .error'));
  server['GET threads/reactions'] = () => ({ reactions: {}, people: [], next: null });
  $('dialog .retry').click();
  await until(() => /Nobody yet/.test($('dialog').textContent));
  assert.equal(seen.find(({ path }) => path === 'threads/reactions').url.searchParams.get('url'), 'https://blog.example/post');
});

test('versions, the oldest first, by the same hand as comments', async () => {
  server['GET threads'] = () => thread([one('a', { edited: '2012-01-01T00:00:00Z' })]);
  server['GET comments/a/history'] = () => ({ versions: [{ time: '2011-04-02T20:00:00Z', body: [['p', ['script', 'first']]] }, { time: '2012-01-01T00:00:00Z', body: [['p', 'last']] }] });
  const { $, $$ } = await look();
  const edited = await until(() => $('button.edited'));
  assert.match(edited.title, /2012/);
  edited.click();
  await until(() => $('dialog'));
  assert.equal($('dialog h3').textContent, 'Earlier versions of the comment by Ada');
  assert.deepEqual($$('dialog .body').map((body) => body.innerHTML), ['<p>first</p>', '<p>last</p>']);
  assert.match($('dialog li').textContent, /^Written .*2011/);
});

test('versions that cannot be had are told at the comment', async () => {
  server['GET threads'] = () => thread([one('a', { edited: '2012-01-01T00:00:00Z' })]);
  server['GET comments/a/history'] = () => refuse(404, 'comment.not_found');
  const { $ } = await look();
  (await until(() => $('button.edited'))).click();
  assert.match((await until(() => $('#comment-a > article > .error'))).textContent, /not there any more/);
});

test('a report: who first, then why; what is wrong beside what caused it', async () => {
  const { $, $$, choose, type } = await opened();
  choose(1);
  await until(() => $('dialog .tray'));
  const submit = () => $('dialog form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  submit();
  await until(() => $('dialog [name=name]').getAttribute('aria-invalid'));
  type('dialog [name=name]', 'Zoë');
  submit();
  await until(() => $('dialog form.flag'));
  assert.equal($$('dialog').length, 1);
  assert.equal($('dialog h3').textContent, 'Report this comment to the moderators');
  assert.deepEqual($$('dialog [type=radio]').map((radio) => radio.required), [true, true, true, true, true]);
  $$('dialog [type=radio]')[3].click();
  type('dialog textarea', 'Look at §5.');
  server['POST comments/a/flags'] = () => json(422, { error: { code: 'request.bad_field', message: 'm', field: 'note' } });
  submit();
  await until(() => $('dialog textarea').getAttribute('aria-describedby'));
  assert.match($('dialog textarea').nextElementSibling.textContent, /note/);
  server['POST comments/a/flags'] = () => refuse(403, 'flag.own');
  submit();
  await until(() => /cannot report your own/.test($('dialog').textContent));
  assert.equal($('dialog textarea').nextElementSibling.textContent, '');
  server['POST comments/a/flags'] = () => json(200, { flagged: 'a', reason: 'illegal' });
  submit();
  await until(() => /Thank you/.test($('dialog').textContent));
  assert.deepEqual(seen.at(-1).body, { reason: 'illegal', note: 'Look at §5.' });
  assert.equal(seen.at(-1).headers.Authorization, 'Bearer secret');
  assert.equal($('[role=status].unseen').textContent, 'Thank you. The moderators will look at this comment.');
  $('dialog .row button').click();
  dots($).click();
  await until(() => rows($$).includes('You have reported this comment.'));
});

test('a session that ended under a report asks anew and keeps what was typed', async () => {
  known();
  server['POST comments/a/flags'] = () => refuse(401, 'session.invalid');
  const { $, $$, choose, type } = await opened();
  choose(1);
  await until(() => $('dialog form.flag'));
  $$('dialog [type=radio]')[0].click();
  $$('dialog [type=radio]')[0].dispatchEvent(new Event('change', { bubbles: true }));
  type('dialog textarea', 'Spam.');
  $('dialog form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await until(() => $('dialog .tray'));
  assert.match($('dialog').textContent, /Your login has ended/);
  known({ ...HELD, token: 'another' });
  dispatchEvent(new StorageEvent('storage', { key: SHELF }));
  await until(() => $('dialog form.flag'));
  assert.equal($('dialog textarea').value, 'Spam.');
  assert.equal($$('dialog [type=radio]')[0].checked, true);
});

test('somebody hidden stays so, also in what comes later and in another tab; their answers can be reached', async () => {
  const name = `cw:hide|${BASE}`;
  server['GET threads'] = () => ({ ...thread([one('a'), one('b', { parent: 'a', author: { id: 'x', name: 'X' } })]), next: 'N' });
  const first = await opened();
  first.choose(2);
  const veil = await until(() => first.$('#comment-a > article > .veil'));
  assert.match(veil.textContent, /^You have hidden Ada\. Show again$/);
  assert.equal(first.$('#comment-a').classList.contains('veiled'), true);
  assert.equal(first.$('#comment-b').classList.contains('veiled'), false);
  assert.deepEqual(JSON.parse(localStorage.getItem(name)), { ada: 'Ada' });
  assert.equal(first.$('[role=status].unseen').textContent, 'You have hidden Ada.');
  first.el.remove();
  const { $ } = await look();
  await until(() => $('#comment-a.veiled'));
  server['GET threads'] = () => thread([one('z')]);
  $('.more').click();
  await until(() => $('#comment-z.veiled'));
  $('#comment-z .unhide').click();
  assert.equal($('.veiled'), null);
  assert.equal($('.veil'), null);
  localStorage.setItem(name, JSON.stringify({ x: 'X' }));
  dispatchEvent(new StorageEvent('storage', { key: name }));
  await until(() => $('#comment-b.veiled'));
});

test('a chunk that does not come is said, told to the console, and fetched anew', async (t) => {
  const right = globalThis.CW_SOCIAL;
  globalThis.CW_SOCIAL = 'file:///nowhere/social.js';
  t.after(() => void (globalThis.CW_SOCIAL = right));
  const { $ } = await look();
  (await until(() => dots($))).click();
  await until(() => $('#comment-a > article > .error'));
  assert.equal(warned.length, 1);
  globalThis.CW_SOCIAL = right;
  dots($).click();
  await until(() => $('[role=menu]'));
  assert.equal($('#comment-a > article > .error'), null);
});
