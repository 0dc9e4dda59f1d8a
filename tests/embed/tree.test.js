import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.js';

openPage();
const { build } = await import('../../static/src/tree.js');

/** @param {unknown} nodes what a browser would serialise */
function html(nodes) {
  const box = document.createElement('div');
  box.appendChild(build(nodes));
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

test('what is no node is skipped', () => {
  assert.equal(html([null, 1, true, {}, [], [['p', 'nested list is no tag']], ['p', null, 5, { late: 'attrs' }, 'x']]), 'nested list is no tag<p>x</p>'.replace('nested list is no tag', html([[['p', 'nested list is no tag']]])));
  for (const nothing of [undefined, null, 'text', 5, {}, true]) assert.equal(html(nothing), '');
});

test('a hundred thousand levels neither throw nor nest', () => {
  let deep = ['b', 'x'];
  for (let level = 0; level < 100_000; level++) deep = ['b', deep];
  const box = build([deep]);
  let levels = 0;
  for (let at = box.firstChild; at; at = at.firstChild) levels++;
  assert.ok(levels <= 25, String(levels));
});

test('levels below the cap leave their words', () => {
  let deep = ['em', 'the words'];
  for (let level = 0; level < 500; level++) deep = ['blockquote', deep];
  assert.equal(build([deep]).textContent, 'the words');
});

test('a flood of nodes ends', () => {
  const flood = Array.from({ length: 60_000 }, () => ['br']);
  assert.ok(build(flood).childNodes.length <= 20_000);
});
