/** What a reader sees and does. What needs a browser is in tests/e2e. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './page.js';
import { BASE, HELD, ITALIAN, LOCALES, one, refuse, seen, server, show, thread, warned } from './stage.js';

test('shows the tree, counts it, and says so', async () => {
  const { events, $, $$ } = await show();
  assert.equal($('h2').textContent, '3 responses to «A post»');
  assert.deepEqual($$('.list > li').map((li) => li.id), ['comment-a', 'comment-c']);
  assert.deepEqual($$('#comment-a > ol > li').map((li) => li.id), ['comment-b']);
  assert.equal($('#comment-b .body').innerHTML, '<p>text of b</p>');
  assert.equal($('time').getAttribute('datetime'), '2011-04-02T20:00:00Z');
  assert.match($('time').title, /2011/);
  assert.equal($('a[part=permalink]').getAttribute('href'), 'https://blog.example/post#comment-a');
  assert.equal($('a[href^="javascript"]'), null, 'a name is no link to a script');
  assert.deepEqual(events, [['ready', { url: 'https://blog.example/post', count: 3 }]]);
  assert.deepEqual(warned, []);
});

test('the reads carry no session and no site that is not known', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  await show();
  const read = seen.find((call) => call.path === 'threads');
  assert.deepEqual(read?.headers, {});
  assert.deepEqual(Object.fromEntries(read?.url.searchParams || []), { site: 'blog', url: 'https://blog.example/post' });
  assert.ok(!seen.some((call) => call.url.href.includes('secret')), 'the bearer is in no address');
});

test('a page without comments', async () => {
  server['GET threads'] = () => thread([]);
  const { $ } = await show();
  assert.equal($('h2').textContent, 'No responses to «A post» yet');
});

test('Italian words and plurals', async () => {
  const { $ } = await show({ lang: 'it-CH' });
  assert.equal($('h2').textContent, '3 risposte a «A post»');
  assert.equal($('section').lang, 'it-CH');
  assert.equal($('textarea').placeholder, ITALIAN['list.write']);
});

test('a language that does not come leaves English', async () => {
  server['GET /assets/it.json'] = () => new TypeError('cut');
  const { $ } = await show({ lang: 'it' });
  assert.equal($('h2').textContent, '3 responses to «A post»');
});

test('very deep answers nest to the ninth level, name whom they answer, and throw nothing', async () => {
  const chain = Array.from({ length: 300 }, (_, at) => one(`n${at}`, at ? { parent: `n${at - 1}` } : {}));
  server['GET threads'] = () => thread(chain);
  const { $, $$ } = await show();
  await until(() => $$('li').length === 300);
  let levels = 0;
  for (let at = $('#comment-n299'); at; at = at.parentNode) if (at.tagName === 'LI') levels++;
  assert.ok(levels <= 10, String(levels));
  assert.equal($('#comment-n299 .to').textContent, 'In reply to Ada');
});

test('hostile answers of the server do not throw', async () => {
  for (const comments of [[{ id: 'x' }], [one('x', { body: 'no list' })], [one('x', { author: { id: 'y' } })], [one('x', { time: 'never' })], [one('x', { parent: 'x' })], [one('x', { body: [['p', ['p']]] })]]) {
    server['GET threads'] = () => thread(comments);
    const { el, $$ } = await show();
    assert.equal($$('li').length, 1, JSON.stringify(comments));
    el.remove();
  }
});

test('a failed load says so in words and can be repeated', async () => {
  server['GET threads'] = () => refuse(404, 'site.unknown');
  const { $, $$ } = await show();
  assert.equal($('.place [part=error]').dataset.code, 'site.unknown');
  assert.match($('.place [part=error]').textContent, /could not be loaded.*Server: site.unknown/);
  server['GET threads'] = () => thread([one('a')]);
  $('.retry').click();
  await until(() => $$('li').length === 1);
});

test('a guest posts: session first, comment second, each with its key', async () => {
  const { events, $, $$, type, submit } = await show();
  type('textarea', 'Hello');
  submit();
  await until(() => $('[part=guest-name]')?.getAttribute('aria-invalid') === 'true', 'the name is asked for');
  type('[part=guest-name]', ' Zoë ');
  type('[part=guest-website]', 'zoe.example');
  submit();
  await until(() => $('#comment-new'));
  const [session, comment] = seen.filter((call) => call.method === 'POST');
  assert.deepEqual(session.body, { site: 'blog', guest: { name: 'Zoë', website: 'https://zoe.example' } });
  assert.deepEqual(comment.body, { site: 'blog', page: { url: 'https://blog.example/post', title: 'A post' }, text: 'Hello', form: { token: 'given' } });
  assert.equal(comment.headers.Authorization, 'Bearer secret');
  for (const call of [session, comment]) assert.match(call.headers['Idempotency-Key'], /^[\w-]{16,64}$/);
  assert.equal($('h2').textContent, '4 responses to «A post»');
  assert.equal($('textarea').value, '');
  assert.match($('[part=identity]').textContent, /^.You are commenting as Zoë \(Log out \/ Change\)$/);
  assert.deepEqual($$('#comment-new .actions button:not([hidden])').map((button) => button.textContent.trim()), ['Reply', 'Like', 'Edit', 'Delete', '…']);
  assert.deepEqual(events.map(([name]) => name), ['ready', 'session', 'posted']);
});

test('an answer stands under what it answers', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  const { $, type } = await show();
  $('#comment-c [part=reply]').click();
  await until(() => $('#comment-c textarea'));
  type('#comment-c textarea', 'An answer');
  $('#comment-c form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await until(() => $('#comment-c > ol > #comment-new'));
  assert.equal($('#comment-c form'), null);
  assert.equal(seen.find((call) => call.path === 'comments')?.body.parent, 'c');
});

test('what was typed before the composer came, and over a reload, is there', async () => {
  const first = await show();
  first.type('textarea', 'half a thought');
  first.el.remove();
  await until(() => !first.el.shadowRoot.querySelector('section'));
  const second = await show();
  assert.equal(second.$('textarea').value, 'half a thought');
});

test('a session that has ended: the text stays and the tray says why', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  const { $, type, submit } = await show();
  server['POST comments'] = () => refuse(401, 'session.invalid');
  type('textarea', 'Hello');
  submit();
  await until(() => $('[part=tray]'));
  assert.match($('[part=tray]').textContent, /Your login has ended/);
  assert.equal($('textarea').value, 'Hello');
  assert.equal(localStorage.getItem(`cw:session|${BASE}|blog`), null);
});

test('the server fails: the error stands beside, the same key goes out again', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  const { $, type, submit } = await show();
  const posting = server['POST comments'];
  server['POST comments'] = () => refuse(500, 'server.error');
  type('textarea', 'Hello');
  submit();
  await until(() => $('form > .error').textContent);
  assert.match($('form > .error').textContent, /went wrong on the server/);
  assert.equal($('[part=submit]').textContent, LOCALES['write.again']);
  server['POST comments'] = posting;
  submit();
  await until(() => $('#comment-new'));
  const keys = seen.filter((call) => call.path === 'comments').map((call) => call.headers['Idempotency-Key']);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('logging out tells the server and forgets', async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  const { $, events } = await show();
  $('.logout').click();
  await until(() => seen.some((call) => call.method === 'DELETE' && call.path === 'session' && call.headers.Authorization === 'Bearer secret'));
  assert.equal(localStorage.getItem(`cw:session|${BASE}|blog`), null);
  assert.ok($('[part=tray]'));
  assert.deepEqual(events.at(-1), ['session', { user: null }]);
});

test("one's own: waiting comments are shown, young ones can be edited and deleted", async () => {
  localStorage.setItem(`cw:session|${BASE}|blog`, JSON.stringify({ current: 'zoe', held: { zoe: HELD } }));
  const until_ = '2100-01-01T00:00:00Z';
  server['GET me/comments'] = () => ({ comments: [{ id: 'a', raw: 'raw of a', until: until_ }, { id: 'c', raw: 'x', until: '2001-01-01T00:00:00Z' }], pending: [one('p', { state: 'pending', raw: 'p', until: until_ })] });
  server['PATCH comments/a'] = () => ({ comment: one('a', { body: [['p', 'edited']], edited: '2026-01-01T00:00:00Z', raw: 'edited', until: until_ }), thread: { count: 3, version: 3 } });
  server['DELETE comments/a'] = () => ({ thread: { count: 2, version: 4 } });
  const { $, $$ } = await show();
  await until(() => $('#comment-p'));
  assert.equal($('#comment-p').dataset.state, 'pending');
  assert.match($('#comment-p').textContent, /awaiting moderation/);
  assert.ok($('#comment-a > article [part=edit]'));
  assert.equal($('#comment-c [part=edit]'), null, 'its time is over');
  $('#comment-a > article [part=edit]').click();
  await until(() => $('#cw-edit-a'));
  assert.equal($('#cw-edit-a').value, 'raw of a');
  $('#comment-a > article form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await until(() => /edited/.test($('#comment-a > article .body').textContent));
  $('#comment-a > article [part=delete]').click();
  await until(() => $('.confirm'));
  $('.confirm').click();
  await until(() => $('#comment-a').dataset.state === 'deleted', 'a tombstone, as b answers it');
  assert.ok($('#comment-b'));
  assert.equal($('h2').textContent, '2 responses to «A post»');
  assert.equal($$('li').length, 4);
});

test('more comments and more answers', async () => {
  server['GET threads'] = (url) => {
    const { root, after } = Object.fromEntries(url.searchParams);
    if (root) return { ...thread([one('a2', { parent: 'a1' })]), next: null };
    return after ? thread([one('z')]) : { ...thread([one('a', { replies: 2, more: 'R' }), one('a1', { parent: 'a' })]), next: 'N' };
  };
  const { $, $$ } = await show();
  assert.deepEqual($$('.more').map((button) => button.textContent), ['Show 1 more reply', 'Show more comments']);
  $('.more').click();
  await until(() => $('#comment-a1 > ol > #comment-a2'));
  $('.more').click();
  await until(() => $('#comment-z'));
  assert.equal($$('.more').length, 0);
});

test('more that does not come says so beside its button', async () => {
  server['GET threads'] = (url) => (url.searchParams.get('after') ? refuse(503, 'server.busy') : { ...thread([one('a')]), next: 'N' });
  const { $ } = await show();
  $('.more').click();
  await until(() => /busy/.test($('.grow').textContent));
  assert.equal($('.more').disabled, false);
});

test('a closed conversation', async () => {
  server['GET threads'] = () => thread([one('a')], { open: false });
  const { $ } = await show();
  assert.equal($('form').hidden, true);
  assert.equal($('[part=closed]').hidden, false);
  assert.equal($('[part=reply]'), null);
});

test('another page-url shows the other conversation, once', async () => {
  const { el, $, $$ } = await show();
  server['GET threads'] = (url) => thread([one('other')], { title: url.searchParams.get('url') });
  el.setAttribute('page-url', '/second');
  el.setAttribute('page-id', '2');
  await until(() => $('#comment-other'));
  assert.equal($$('section').length, 1);
  assert.equal($('h2').textContent, '1 response to «https://blog.example/second»');
  assert.equal(seen.filter((call) => call.path === 'threads').length, 2);
});

test('reload() fetches anew and keeps what is being written', async () => {
  const { el, $, $$, type } = await show();
  type('textarea', 'kept');
  server['GET threads'] = () => thread([one('only')]);
  await el.reload();
  assert.deepEqual($$('li').map((li) => li.id), ['comment-only']);
  assert.equal($('textarea').value, 'kept');
});

test('theme changes without a new fetch; a move within the page keeps everything', async () => {
  const { el, $ } = await show();
  const before = seen.length;
  el.setAttribute('theme', 'dark');
  assert.equal($('section').dataset.theme, 'dark');
  const section = $('section');
  document.body.insertBefore(el, document.body.firstChild);
  await new Promise((done) => setTimeout(done, 20));
  assert.equal($('section'), section);
  assert.equal(seen.length, before);
});

test('a site that is not named is found by the page, and its key is used from there on', async () => {
  const { $, type, submit } = await show({ site: '' });
  assert.equal(seen.find((call) => call.path === 'site')?.url.search, `?url=${encodeURIComponent('https://blog.example/post')}`);
  type('textarea', 'Hello');
  await until(() => $('[part=guest-name]'));
  type('[part=guest-name]', 'Zoë');
  submit();
  await until(() => $('#comment-new'));
  assert.ok(localStorage.getItem(`cw:session|${BASE}|blog`));
});
