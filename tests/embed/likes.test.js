/** Reactions: what is shown, what is sent, what is taken back, and who may. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, json, look, one, refuse, seen, server, thread } from './stage.js';

const ADA = { ...HELD, token: 'of ada', user: { id: 'ada-2', name: 'Ada', guest: false, provider: 'demo' } };
const SHELF = `cw:session|${BASE}|blog`;
const known = (held) => localStorage.setItem(SHELF, JSON.stringify({ current: held.user.id, held: { [held.user.id]: held } }));
const mine = (more) => () => ({ comments: [], pending: [], reactions: {}, page: null, flagged: [], ...more });
const site = (more) => {
  const before = server['GET site']();
  server['GET site'] = () => ({ ...before, site: { ...before.site, ...more } });
};
/** A server that keeps one like of one comment, and says what it was asked. */
function keeps(path, counts = {}) {
  let own = null;
  const asked = [];
  const answer = (method, kind) => {
    asked.push(`${method} ${kind}`);
    counts = { ...counts };
    if (own) counts[own]--;
    own = method === 'PUT' ? kind : null;
    if (own) counts[own] = (counts[own] || 0) + 1;
    return json(200, { reactions: counts, mine: own, thread: { version: 9, count: 3, reactions: counts, faces: own ? [ADA.user] : [] } });
  };
  for (const kind of ['like', 'love', 'thanks'])
    for (const method of ['PUT', 'DELETE']) server[`${method} ${path}/reactions/${kind}`] = () => answer(method, kind);
  return asked;
}
const like = ($, id = 'a') => $(`#comment-${id} > article .like`);
const count = ($, id = 'a') => $(`#comment-${id} > article .likes`);
const shown = async (held = ADA, more = {}) => {
  if (held) known(held);
  server['GET me/comments'] = mine(more);
  const stage = await look();
  await until(() => like(stage.$));
  if (held) await until(() => seen.some((call) => call.path === 'me/comments'));
  return stage;
};

test('a like is there at once, is sent, and is undone by the same button', async () => {
  server['GET threads'] = () => thread([one('a', { reactions: { like: 2 } })]);
  const asked = keeps('comments/a', { like: 2 });
  const { $ } = await shown();
  assert.equal(like($).getAttribute('aria-label'), 'Like: comment by Ada');
  assert.equal(like($).getAttribute('aria-pressed'), 'false');
  assert.equal(count($).textContent.trim(), '2');
  assert.equal(count($).getAttribute('aria-label'), '2 people like this');
  like($).focus();
  like($).click();
  await until(() => like($).getAttribute('aria-pressed') === 'true');
  assert.equal(count($).textContent.trim(), '3');
  await until(() => asked.length === 1);
  const call = seen.find(({ method }) => method === 'PUT');
  assert.equal(call.headers.Authorization, 'Bearer of ada');
  assert.ok(call.headers['Idempotency-Key']);
  assert.equal(call.body, undefined);
  like($).click();
  await until(() => asked.length === 2);
  await until(() => like($).getAttribute('aria-pressed') === 'false');
  assert.equal(count($).textContent.trim(), '2');
  assert.deepEqual(asked, ['PUT like', 'DELETE like']);
  assert.equal($('#comment-a').getRootNode().activeElement, like($), 'the keyboard stays');
});

test('presses while one is on its way are sent behind it, and the last one counts', async () => {
  server['GET threads'] = () => thread([one('a')]);
  const asked = keeps('comments/a');
  const put = server['PUT comments/a/reactions/like'];
  let free;
  const gate = new Promise((done) => (free = done));
  server['PUT comments/a/reactions/like'] = async () => (await gate, put());
  const { $ } = await shown();
  like($).click();
  await until(() => like($).getAttribute('aria-pressed') === 'true');
  like($).click();
  await until(() => like($).getAttribute('aria-pressed') === 'false');
  assert.deepEqual(asked, []);
  free();
  await until(() => asked.length === 2);
  assert.deepEqual(asked, ['PUT like', 'DELETE like']);
  await until(() => count($).hidden);
  assert.equal(like($).getAttribute('aria-pressed'), 'false');
});

for (const [what, answer, words] of [
  ['a refusal', () => refuse(404, 'comment.gone'), /has been deleted/],
  ['a cut network', () => new TypeError('cut'), /could not be reached/],
]) {
  test(`${what} takes it back and says why, until the next press`, async () => {
    server['GET threads'] = () => thread([one('a', { reactions: { like: 1 } })]);
    server['PUT comments/a/reactions/like'] = answer;
    const { $ } = await shown();
    like($).click();
    const error = await until(() => $('#comment-a > article > .error'));
    assert.match(error.textContent, words);
    assert.equal(error.getAttribute('role'), 'alert');
    assert.equal(like($).getAttribute('aria-pressed'), 'false');
    assert.equal(count($).textContent.trim(), '1');
    keeps('comments/a', { like: 1 });
    like($).click();
    await until(() => like($).getAttribute('aria-pressed') === 'true');
    assert.equal($('#comment-a > article > .error'), null);
  });
}

for (const [who, held] of [['nobody', null], ['a guest', HELD]]) {
  test(`${who} is asked for an account first, and then the reaction is done`, async () => {
    server['GET threads'] = () => thread([one('a')]);
    const asked = keeps('comments/a');
    const { $ } = await shown(held);
    like($).click();
    const tray = await until(() => $('dialog .tray'));
    assert.match(tray.textContent, /Log in with an account, and your reaction counts/);
    assert.equal(tray.querySelector('[name=name]'), null, 'guests do not do');
    assert.equal(tray.querySelector('.held'), null);
    assert.equal(like($).getAttribute('aria-pressed'), 'false');
    assert.deepEqual(asked, []);
    known(ADA);
    dispatchEvent(new StorageEvent('storage', { key: SHELF }));
    await until(() => asked.length);
    assert.equal($('dialog'), null);
    await until(() => like($).getAttribute('aria-pressed') === 'true');
    assert.deepEqual(asked, ['PUT like']);
  });
}

test('who signs in and likes it since an earlier day keeps that', async () => {
  server['GET threads'] = () => thread([one('a', { reactions: { like: 1 } })]);
  const asked = keeps('comments/a', { like: 1 });
  const { $ } = await shown(null);
  server['GET me/comments'] = mine({ reactions: { a: 'like' } });
  like($).click();
  await until(() => $('dialog .tray'));
  known(ADA);
  dispatchEvent(new StorageEvent('storage', { key: SHELF }));
  await until(() => like($).getAttribute('aria-pressed') === 'true');
  assert.deepEqual(asked, []);
});

test('who shuts the tray reacts to nothing, also when they sign in later', async () => {
  server['GET threads'] = () => thread([one('a')]);
  const asked = keeps('comments/a');
  const { $ } = await shown(null);
  like($).focus();
  like($).click();
  (await until(() => $('dialog .close'))).click();
  assert.equal($('dialog'), null);
  assert.equal($('#comment-a').getRootNode().activeElement, like($));
  known(ADA);
  dispatchEvent(new StorageEvent('storage', { key: SHELF }));
  await until(() => seen.some(({ path }) => path === 'me/comments'));
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(asked, []);
});

test('a session that has ended asks anew', async () => {
  server['GET threads'] = () => thread([one('a')]);
  server['PUT comments/a/reactions/like'] = () => refuse(401, 'session.invalid');
  const { $ } = await shown();
  like($).click();
  const tray = await until(() => $('dialog .tray'));
  assert.match(tray.textContent, /Your login has ended/);
  assert.equal(like($).getAttribute('aria-pressed'), 'false');
});

test("whose they are follows the speaker, and is the server's word", async () => {
  server['GET threads'] = () => thread([one('a', { reactions: { like: 1 } }), one('b')]);
  const { $ } = await shown(ADA, { reactions: { a: 'like' }, page: 'like' });
  const page = () => $('.applause .like').getAttribute('aria-pressed');
  await until(() => like($).getAttribute('aria-pressed') === 'true');
  assert.equal(like($, 'b').getAttribute('aria-pressed'), 'false');
  assert.equal(page(), 'true');
  localStorage.removeItem(SHELF);
  dispatchEvent(new StorageEvent('storage', { key: SHELF }));
  await until(() => like($).getAttribute('aria-pressed') === 'false');
  assert.equal(page(), 'false');
});

test('news change the numbers and leave the keyboard where it is', async () => {
  server['GET threads'] = () => thread([one('a')]);
  const { $, el } = await shown();
  like($).focus();
  const button = like($);
  server['GET threads'] = () => thread([one('a', { reactions: { like: 1200 } })]);
  assert.equal(count($).hidden, true);
  // As the live feature does: the same comment anew.
  const right = globalThis.CW_WRITER;
  globalThis.CW_WRITER = 'data:text/javascript,export const attach = (context) => ((globalThis.given = context), {});';
  $('textarea').dispatchEvent(new Event('focusin', { bubbles: true }));
  const context = await until(() => globalThis.given);
  globalThis.CW_WRITER = right;
  context.put(one('a', { reactions: { like: 1200 } }));
  assert.equal(count($).textContent.trim(), '1,200');
  assert.equal(like($), button);
  assert.equal(el.shadowRoot.activeElement, button);
  context.thread.update({ version: 12, count: 1, reactions: { like: 4 }, faces: [ADA.user, { id: 'x', name: 'Xaver' }] });
  assert.match($('.applause .likes').textContent, /AX4 people like this/);
  context.thread.update({ open: true });
  assert.match($('.applause .likes').textContent, /4 people like this/);
  context.put({ id: 'a', time: '2011-04-02T20:00:00Z', state: 'deleted' });
  assert.equal(like($), null);
});

test("the page's own like, with those who liked it", async () => {
  const page = { url: 'https://blog.example/post', title: 'A post' };
  server['GET threads'] = () => thread([one('a')], { reactions: { like: 1 }, faces: [{ id: 'x', name: 'Xaver' }] });
  const asked = keeps('threads', { like: 1 });
  const { $ } = await shown();
  const [button, who] = [$('.applause .like'), $('.applause .likes')];
  assert.equal($('h2').nextElementSibling, $('.applause'));
  assert.equal(button.getAttribute('aria-label'), 'Like: this page');
  assert.equal(who.getAttribute('aria-label'), '1 person likes this');
  button.click();
  await until(() => asked.length);
  assert.deepEqual(seen.find(({ method }) => method === 'PUT').body, { site: 'blog', page });
  await until(() => who.querySelector('.face').textContent === 'A');
  assert.equal(who.getAttribute('aria-label'), '2 people like this');
});

test('where the site asks for none, or nobody could have an account, there is no button; what was counted stands', async () => {
  server['GET threads'] = () => thread([one('a', { reactions: { like: 3 } }), one('b')]);
  site({ reactions: [], page_reactions: true });
  let { $, el } = await shown();
  assert.equal(like($).hidden, true);
  assert.equal(count($).textContent.trim(), '3');
  assert.equal(count($, 'b').hidden, true);
  assert.equal($('.applause'), null);
  el.remove();
  site({ reactions: ['like'], page_reactions: false });
  ({ $, el } = await shown());
  assert.equal(like($).hidden, false);
  assert.equal($('.applause'), null);
  el.remove();
  const about = server['GET site']();
  server['GET site'] = () => ({ ...about, providers: [] });
  ({ $, el } = await shown());
  assert.equal(like($).hidden, true);
});

test('of several reactions one is chosen, changed and taken back', async () => {
  site({ reactions: ['like', 'love', 'thanks'] });
  server['GET threads'] = () => thread([one('a', { reactions: { like: 2, thanks: 1 } })]);
  const asked = keeps('comments/a', { like: 2, thanks: 1 });
  const { $, $$ } = await shown();
  assert.equal(like($).getAttribute('aria-label'), 'React: comment by Ada');
  assert.equal(like($).getAttribute('aria-haspopup'), 'menu');
  assert.equal(like($).getAttribute('aria-pressed'), null);
  assert.equal(count($).textContent.replace(/\s+/g, ' ').trim(), '2 🙏 1');
  assert.equal(count($).getAttribute('aria-label').replace(/\s+/g, ' '), '2 🙏 1, 3 people');
  const pick = async (at) => {
    like($).click();
    await until(() => $$('[role=menu] [role=menuitemradio]').length === 3);
    assert.equal(like($).getAttribute('aria-expanded'), 'true');
    $$('[role=menuitemradio]')[at].click();
    await until(() => !$('[role=menu]'));
  };
  await pick(1);
  await until(() => asked.length === 1);
  assert.equal(like($).getAttribute('aria-label'), 'Love it: comment by Ada');
  await pick(2);
  await until(() => asked.length === 2);
  like($).click();
  await until(() => $('[role=menu]'));
  assert.deepEqual($$('[role=menuitemradio]').map((row) => row.getAttribute('aria-checked')), ['false', 'false', 'true']);
  $$('[role=menuitemradio]')[2].click();
  await until(() => asked.length === 3);
  assert.deepEqual(asked, ['PUT love', 'PUT thanks', 'DELETE thanks']);
  await until(() => like($).getAttribute('aria-label') === 'React: comment by Ada');
});
