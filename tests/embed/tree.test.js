import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.js';

openPage();
const { build } = await import('../../static/src/tree.js');

/** @param {unknown} nodes what a browser would serialise */
function html(nodes) {
  const box = document.createElement('div');
  box.appendChild(build(nodes, 'https://comments.example/'));
  return box.innerHTML;
}

test('builds what the server sends', () => {
  const nodes = [['p', 'Hello ', ['a', { href: 'https://x.example/', title: 'X' }, 'x'], ['br']], ['ol', { start: 3 }, ['li', 'three']]];
  assert.equal(
    html(nodes),
    '<p>Hello <a href="https://x.example/" rel="nofollow ugc noopener noreferrer" target="_blank" title="X">x</a><br></p><ol start="3"><li>three</li></ol>',
  );
});

test('text stays text', () => {
  assert.equal(html(['<img src=x onerror=alert(1)>', ['p', '<script>alert(1)</script>']]), '&lt;img src=x onerror=alert(1)&gt;<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
});

for (const tag of ['script', 'style', 'iframe', 'img', 'svg', 'math', 'form', 'input', 'template', 'object', 'link', 'base', 'SCRIPT', 'p onclick', '', 'h1', 'table', '__proto__', 'constructor', 'x-y']) {
  test(`a <${tag}> leaves only its text`, () => assert.equal(html([[tag, { onload: 'alert(1)', src: 'x' }, 'words']]), 'words'));
}

test('no attribute comes through that is not on the list', () => {
  const evil = { onclick: 'alert(1)', style: 'position:fixed', class: 'x', id: 'cw-text', part: 'submit', name: 'x', target: '_top', rel: 'opener', formaction: 'x', href: 'https://a.example/' };
  assert.equal(html([['p', evil, 'a'], ['b', evil, 'b']]), '<p>a</p><b>b</b>');
  assert.equal(html([['a', evil, 'c']]), '<a href="https://a.example/" rel="nofollow ugc noopener noreferrer" target="_blank">c</a>');
});

const SCHEMES = ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:https://a.example/x', 'file:///etc/passwd', 'filesystem:https://a.example/x', 'ftp://a.example/', 'tel:1', '/relative', '//a.example/x', '#x', '', 'https://', null, 7, {}, ['https://a.example/']];
for (const href of SCHEMES) {
  test(`no link to ${JSON.stringify(href)}`, () => {
    const out = html([['a', { href }, 'x']]);
    // An array of one address is that address as a string: harmless, as it passed the same check.
    if (Array.isArray(href)) assert.match(out, /href="https:\/\/a\.example\/"/);
    else assert.equal(out, '<a>x</a>');
  });
}

test('links over http, https and mailto work', () => {
  for (const href of ['http://a.example/', 'https://a.example/?q=1#x', 'mailto:a@example.org']) assert.match(html([['a', { href }, 'x']]), /<a href=/);
});

test('a list goes on at the number that the server sends as text', () => {
  assert.equal(html([['ol', { start: '7' }, ['li', 'x']]]), '<ol start="7"><li>x</li></ol>');
  assert.equal(html([['ol', { start: '7px' }, ['li', 'x']]]), '<ol><li>x</li></ol>');
});

test('code and people by the classes of the list', () => {
  const letters = ['at', 'k', 's', 'c', 'n', 'm', 'o', 'd', 'i'];
  assert.equal(html(letters.map((letter) => ['span', { class: letter, id: 'x' }, letter])), letters.map((letter) => `<span class="${letter}">${letter}</span>`).join(''));
  for (const other of ['', 'x', 'K', 'k s', 'cw', 'at ', 'unseen', '__proto__', null, 7, {}]) assert.equal(html([['span', { class: other }, 'words']]), 'words');
  assert.equal(html([['span', 'words']]), 'words');
});

const HASH = '0123456789abcdef0123456789abcdef01234567';

test('a picture comes from the server, by its hash alone', () => {
  const box = document.createElement('div');
  box.appendChild(build([['img', { src: HASH, alt: 'a "cat"', width: '600', height: '400', onload: 'alert(1)', style: 'x' }]], 'https://comments.example/sub/'));
  const [img] = box.children;
  assert.equal(img.getAttribute('src'), `https://comments.example/sub/pictures/${HASH}`);
  assert.deepEqual(
    [...img.attributes].map(({ name, value }) => `${name}=${value}`).sort(),
    ['alt=a "cat"', 'decoding=async', 'height=400', 'loading=lazy', 'referrerpolicy=no-referrer', `src=https://comments.example/sub/pictures/${HASH}`, 'width=600'],
  );
});

for (const src of [`https://a.example/${HASH}`, `picture:${HASH}`, `../${HASH}`, `${HASH}?x`, HASH.toUpperCase(), HASH.slice(1), `${HASH}0`, `${HASH}\n`, 'data:image/png;base64,x', '', null, 7, {}]) {
  test(`no picture from ${JSON.stringify(src)}`, () => assert.equal(html([['img', { src, alt: 'x' }], 'words']), 'words'));
}

test('what is no node is skipped', () => {
  assert.equal(html([null, 1, true, {}, [], [['p', 'nested list is no tag']], ['p', null, 5, { late: 'attrs' }, 'x']]), 'nested list is no tag<p>x</p>'.replace('nested list is no tag', html([[['p', 'nested list is no tag']]])));
  for (const nothing of [undefined, null, 'text', 5, {}, true]) assert.equal(html(nothing), '');
});

test('a hundred thousand levels neither throw nor nest', () => {
  let deep = ['b', 'x'];
  for (let level = 0; level < 100_000; level++) deep = ['b', deep];
  const box = build([deep], 'https://comments.example/');
  let levels = 0;
  for (let at = box.firstChild; at; at = at.firstChild) levels++;
  assert.ok(levels <= 25, String(levels));
});

test('levels below the cap leave their words', () => {
  let deep = ['em', 'the words'];
  for (let level = 0; level < 500; level++) deep = ['blockquote', deep];
  assert.equal(build([deep], 'https://comments.example/').textContent, 'the words');
});

test('a flood of nodes ends', () => {
  const flood = Array.from({ length: 60_000 }, () => ['br']);
  assert.ok(build(flood, 'https://comments.example/').childNodes.length <= 20_000);
});
