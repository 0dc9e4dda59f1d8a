/** Saying who one is: the tray, its doors and its fields, the waiting, the people known here. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, ITALIAN, LOCALES, json, one, page, refuse, seen, server, show, thread } from './stage.js';

const SESSIONS = `cw:session|${BASE}|blog`;
const ICON = { paths: [['M1 1h22v22H1z']], color: '#1877f2' };
const NAMES = ['Google', 'Facebook', 'Apple', 'X', 'WordPress.com', 'GitHub', 'Mastodon', 'Bluesky'];
const provider = (name) => ({ id: name.toLowerCase(), name, icon: ICON });
const person = (id, more = {}) => ({ ...HELD, token: `t-${id}`, user: { id, name: id.toUpperCase(), ...more } });
const hold = (...held) => localStorage.setItem(SESSIONS, JSON.stringify({ current: held[0].user.id, held: Object.fromEntries(held.map((each) => [each.user.id, each])) }));
const offer = (providers, more = {}) => {
  const before = server['GET site']();
  server['GET site'] = () => ({ ...before, providers, ...more });
};

/** @type {{url: URL, window: any}[]} */
let opened;
let blocked = false;
page.open = (url) => {
  const window = { closed: false, acks: [], postMessage: (data) => window.acks.push(data), close: () => void (window.closed = true) };
  opened.push({ url: new URL(url), window });
  return blocked ? null : window;
};
function tell(data) {
  const event = new MessageEvent('message', { data, origin: 'https://comments.example' });
  Object.defineProperty(event, 'source', { value: opened.at(-1).window });
  page.dispatchEvent(event);
}
beforeEach(() => {
  opened = [];
  blocked = false;
});

/** @param {Record<string, string>} [attributes] */
async function shown(attributes) {
  const stage = await show(attributes);
  stage.type('textarea', 'Half a thought');
  await until(() => stage.$('[part=tray]'), 'the tray');
  return { ...stage, doors: () => stage.$$('.provider-button').map((door) => door.textContent) };
}

test('a door: the mark, the name, and what it does in the reader\'s language', async () => {
  offer([provider('Google'), { id: 'oidc', name: 'Our accounts' }]);
  for (const [lang, words] of [['en', LOCALES], ['it', ITALIAN]]) {
    const { el, $, $$ } = await shown({ lang });
    const door = $('[data-provider=google]');
    assert.equal(door.getAttribute('aria-label'), words['sign.with'].replace('{name}', 'Google'));
    assert.equal(door.textContent, 'Google');
    assert.equal(door.firstElementChild.tagName.toLowerCase(), 'svg');
    assert.equal($('[data-provider=oidc]').textContent, 'OOur accounts', 'a letter where there is no mark');
    assert.equal($$('.doors .more').length, 0);
    el.remove();
  }
});

test('of many the first are shown, in the server\'s order, and the rest on request', async () => {
  offer(NAMES.map(provider));
  const { $, doors } = await shown();
  assert.deepEqual(doors(), NAMES.slice(0, 5));
  assert.equal($('.doors .more').textContent, '3 more…');
  assert.equal($('.doors .more').getAttribute('aria-expanded'), 'false');
  $('.doors .more').click();
  assert.deepEqual(doors(), NAMES);
  assert.equal($('.doors .more').getAttribute('aria-expanded'), 'true');
  $('.doors .more').click();
  assert.equal(doors().length, 5);
});

test('six need no button for more', async () => {
  offer(NAMES.slice(0, 6).map(provider));
  const { $, doors } = await shown();
  assert.equal(doors().length, 6);
  assert.equal($('.doors .more'), null);
});

test('the ways to sign in do not come: it says so, the text stays, and they can be asked for again', async () => {
  const right = globalThis.CW_SIGNIN;
  globalThis.CW_SIGNIN = 'file:///nowhere/tray.js';
  const { $, type } = await show();
  type('textarea', 'Half a thought');
  await until(() => $('.identity .retry'));
  assert.match($('.identity').textContent, /could not be loaded/);
  assert.equal($('textarea').value, 'Half a thought');
  globalThis.CW_SIGNIN = right;
  $('.identity .retry').click();
  await until(() => $('[part=tray]'));
});

test('a login: waiting, the ticket, the line with the provider and the way to the account', async () => {
  offer([provider('Google')], { account: true });
  server['POST session'] = () => json(201, { ...HELD, user: { id: 'ada', name: 'Ada', provider: 'google', avatar: '/avatars/ada.webp' } });
  const { $, $$ } = await shown();
  $('[data-provider=google]').click();
  assert.match($('.connecting').textContent, /Connecting to Google…/);
  const tx = opened[0].url.searchParams.get('tx');
  tell({ type: 'cw:ticket', tx, code: 'CODE' });
  await until(() => $('.line'));
  assert.equal($('.line p').textContent, 'You are commenting as Ada via Google (Log out / Change) · Your account');
  assert.equal($('.line .from svg').namespaceURI, 'http://www.w3.org/2000/svg');
  assert.equal($('.line img').src, `${BASE}avatars/ada.webp`);
  const account = $('[part=account]');
  assert.deepEqual([account.href, account.target, account.rel], [`${BASE}account`, '_blank', 'noopener']);
  assert.equal($('textarea').value, 'Half a thought');
  assert.equal($$('[part=tray]').length, 0);
});

test('a guest has no account page, and a server without one offers none', async () => {
  hold(person('ann', { guest: true }));
  offer([], { account: true });
  const first = await show();
  assert.equal(first.$('[part=account]'), null);
  first.el.remove();
  hold(person('ada', { provider: 'google' }));
  offer([], { account: false });
  assert.equal((await show()).$('[part=account]'), null);
});

test('a refused login says so among the doors', async () => {
  offer([provider('Google')]);
  const { $ } = await shown();
  $('[data-provider=google]').click();
  tell({ type: 'cw:error', tx: opened[0].url.searchParams.get('tx'), code: 'signin.denied' });
  await until(() => $('.tray .error'));
  assert.equal($('.tray > .error').textContent, LOCALES['error.signin.denied']);
  $('[data-provider=google]').click();
  tell({ type: 'cw:error', tx: opened[1].url.searchParams.get('tx'), code: 'signin.of_tomorrow' });
  assert.equal($('.tray > .error').textContent, LOCALES['error.server.error']);
});

test('a window that seems closed: it can be tried again, and its ticket still counts', async () => {
  offer([provider('Google')]);
  const { $ } = await shown();
  $('[data-provider=google]').click();
  assert.equal($('.gone').hidden, true);
  opened[0].window.closed = true;
  await until(() => !$('.gone').hidden);
  assert.match($('.gone').textContent, /closed\? Try again/);
  tell({ type: 'cw:ticket', tx: opened[0].url.searchParams.get('tx'), code: 'CODE' });
  await until(() => $('.line'));
});

test('trying again opens another window and cancels the first', async () => {
  offer([provider('Google')]);
  const { $ } = await shown();
  $('[data-provider=google]').click();
  opened[0].window.closed = true;
  await until(() => !$('.gone').hidden);
  $('.again').click();
  assert.equal(opened.length, 2);
  assert.equal($('.gone').hidden, true);
  tell({ type: 'cw:ticket', tx: opened[0].url.searchParams.get('tx'), code: 'CODE' });
  assert.ok($('.connecting'));
  $('.cancel').click();
  assert.equal($('.connecting'), null);
});

test('the keyboard stays where its reader was', async () => {
  offer([...NAMES.slice(0, 6).map(provider), { ...provider('Mastodon'), asks: 'instance' }]);
  const { el, $ } = await shown();
  const focused = () => el.shadowRoot.activeElement;
  $('[data-provider=google]').click();
  assert.equal(focused(), $('.cancel'));
  $('.cancel').click();
  assert.equal(focused(), $('[data-provider=google]'));
  $('.doors .more').click();
  assert.equal(focused(), $('[data-provider=github]'), 'the first that was not there before');
  $('[data-provider=mastodon]').click();
  assert.equal(focused(), $('[part=provider-at]'));
  $('[data-provider=mastodon]').click();
  assert.equal(focused(), $('[data-provider=mastodon]'));
  $('.doors .more').click();
  assert.equal(focused(), $('.doors .more'));
});

test('no window: the same tab is offered at once', async () => {
  offer([provider('Google')]);
  blocked = true;
  const { $ } = await shown();
  $('[data-provider=google]').click();
  assert.match($('.tray').textContent, /No window\?/);
  assert.ok($('.here'));
  $('.cancel').click();
});

test('a provider that asks: a field unfolds, is remembered, and its answer goes along', async () => {
  offer([provider('Google'), { ...provider('Mastodon'), asks: 'instance' }]);
  const { el, $, type } = await shown();
  const door = () => $('[data-provider=mastodon]');
  assert.equal(door().getAttribute('aria-expanded'), 'false');
  assert.equal($('[data-provider=google]').hasAttribute('aria-expanded'), false);
  door().click();
  assert.equal(opened.length, 0);
  assert.equal(door().getAttribute('aria-expanded'), 'true');
  assert.equal($('.unfolded label').textContent, 'Your Mastodon server');
  assert.equal($('.unfolded label').getAttribute('for'), $('[part=provider-at]').id);
  $('.go').click();
  assert.equal(opened.length, 0, 'nothing typed, nowhere to go');
  type('[part=provider-at]', ' one.example ');
  const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
  $('[part=provider-at]').dispatchEvent(event);
  assert.equal(event.defaultPrevented, true, 'the comment is not sent');
  assert.equal(opened[0].url.searchParams.get('at'), 'one.example');
  assert.ok($('.connecting'));
  tell({ type: 'cw:error', tx: opened[0].url.searchParams.get('tx'), code: 'signin.bad_address' });
  assert.equal(opened[0].window.closed, true, 'what was typed is put right here');
  assert.equal($('.unfolded .error').textContent, LOCALES['error.signin.bad_address']);
  assert.equal($('[part=provider-at]').getAttribute('aria-invalid'), 'true');
  assert.equal($('[part=provider-at]').value, ' one.example ');
  type('[part=provider-at]', 'two.example');
  assert.equal($('.unfolded .error').textContent, '');
  $('.go').click();
  assert.equal(opened[1].url.searchParams.get('at'), 'two.example');
  el.remove();
  const again = await shown();
  again.$('[data-provider=mastodon]').click();
  assert.equal(again.$('[part=provider-at]').value, 'two.example');
  assert.deepEqual(seen.filter((call) => call.path === 'session'), []);
});

test('inside of an app Google is not tried: the address can be taken along', async () => {
  offer([provider('Google'), provider('GitHub')]);
  const { userAgent } = navigator;
  const agent = (value) => Object.defineProperty(navigator, 'userAgent', { value, configurable: true });
  let copied = '';
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void (copied = text) }, configurable: true });
  for (const [app, inside] of [
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0', true],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/147.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/500;]', true],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148', true],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', false],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1', false],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0 Mobile Safari/537.36', false],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', false],
  ]) {
    agent(app);
    opened = [];
    const { el, $ } = await shown();
    $('[data-provider=google]').click();
    assert.equal(opened.length, inside ? 0 : 1, app);
    if (inside) {
      assert.match($('.unfolded').textContent, /^Google does not allow logging in inside other apps/);
      $('.copy').click();
      await until(() => /copied/.test($('.unfolded').textContent));
      assert.equal(copied, 'https://blog.example/post');
      $('[data-provider=github]').click();
      assert.equal(opened.length, 1, 'others let people in');
    }
    $('.cancel').click();
    el.remove();
  }
  agent(userAgent);
});

test('change: those known here, with the one who speaks marked; choosing keeps the draft and the sessions', async () => {
  offer([provider('Google'), provider('GitHub')]);
  hold(person('ada', { provider: 'google', avatar: '/avatars/a.webp' }), person('bea', { provider: 'github' }), person('ann', { guest: true }));
  const { $, $$, type } = await show();
  type('textarea', 'Half a thought');
  $('.change').click();
  await until(() => $('.people'));
  assert.deepEqual($$('.held').map((row) => [row.querySelector('.name').textContent, row.querySelector('.from').textContent, row.getAttribute('aria-pressed')]), [
    ['ADA', 'Google', 'true'],
    ['BEA', 'GitHub', 'false'],
    ['ANN', 'guest', 'false'],
  ]);
  assert.ok($('[data-user=ada] img'));
  $('[data-user=bea]').click();
  assert.match($('.line').textContent, /commenting as BEA via GitHub/);
  assert.equal($('textarea').value, 'Half a thought');
  assert.deepEqual(Object.keys(JSON.parse(localStorage.getItem(SESSIONS)).held), ['ada', 'bea', 'ann']);
  assert.equal(seen.some((call) => call.method === 'DELETE'), false);
  $('.change').click();
  await until(() => $('.people'));
  assert.ok($('[data-provider=github]'), 'another account can be added');
  $('.tray .cancel').click();
  assert.match($('.line').textContent, /commenting as BEA/);
});

test('a proof that is refused: the text stays and the tray says why', async () => {
  hold({ ...person('ada'), token_type: 'Bearer' });
  const { $, type, submit } = await show();
  server['POST comments'] = () => refuse(401, 'session.bad_proof');
  type('textarea', 'Hello');
  submit();
  await until(() => $('[part=tray]'));
  assert.match($('[part=tray]').textContent, /could not prove/);
  assert.equal($('textarea').value, 'Hello');
});

test('comments: a mark for the provider, and pictures from our own server alone', async () => {
  offer([provider('Google')]);
  const author = (more) => ({ author: { id: 'x', name: 'Xenia', ...more } });
  server['GET threads'] = () =>
    thread([
      one('a', author({ provider: 'google', avatar: '/avatars/x.webp' })),
      one('b', author({ provider: 'gone', avatar: 'https://tracker.example/x.webp' })),
      one('c', author({ avatar: 'javascript:alert(1)' })),
    ]);
  const { $, $$ } = await show();
  await until(() => $('#comment-a [part=provider]'));
  assert.equal($('#comment-a [part=provider]').title, 'via Google');
  assert.equal($('#comment-a [part=provider]').textContent, 'via Google');
  assert.ok($('#comment-a [part=provider] svg'));
  assert.equal($('#comment-b [part=provider]'), null);
  assert.equal($('#comment-c [part=provider]'), null);
  assert.deepEqual($$('.list img').map((image) => image.src), [`${BASE}avatars/x.webp`]);
  $('.list img').dispatchEvent(new Event('error'));
  assert.equal($('#comment-a .face').textContent, 'X');
  assert.equal($('.list img'), null);
});
