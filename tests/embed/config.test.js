import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openPage } from './page.js';

const window = openPage();
const { pageUrl, readConfig, takeTicket } = await import('../../static/src/config.js');

/** @param {string} address @param {string} [canonical] @param {Record<string, string>} [attributes] */
function at(address, canonical, attributes = {}) {
  window.happyDOM.setURL(address);
  for (const old of [...document.head.querySelectorAll('link')]) old.remove();
  if (canonical) {
    const link = document.createElement('link');
    link.setAttribute('rel', 'canonical');
    link.setAttribute('href', canonical);
    document.head.appendChild(link);
  }
  const el = document.createElement('div');
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  return el;
}

beforeEach(() => void (document.title = 'A post'));

for (const [what, address, canonical, attributes, expected] of /** @type {[string, string, string, Record<string, string>, string][]} */ ([
  ['the address without its fragment', 'https://blog.example/post?x=1#top', '', {}, 'https://blog.example/post?x=1'],
  ['the canonical link', 'https://blog.example/post?utm=1', 'https://blog.example/post', {}, 'https://blog.example/post'],
  ['a canonical with www', 'https://blog.example/post', 'https://www.blog.example/p', {}, 'https://www.blog.example/p'],
  ['a canonical without www', 'https://www.blog.example/post', 'https://blog.example/p', {}, 'https://blog.example/p'],
  ['no canonical of another host', 'https://blog.example/post', 'https://evil.example/p', {}, 'https://blog.example/post'],
  ['no canonical of another port', 'https://blog.example/post', 'https://blog.example:8443/p', {}, 'https://blog.example/post'],
  ['page-url before all', 'https://blog.example/post', 'https://blog.example/p', { 'page-url': 'https://other.example/x' }, 'https://other.example/x'],
  ['a page-url relative to the page', 'https://blog.example/a/post', '', { 'page-url': '../b' }, 'https://blog.example/b'],
])) {
  test(`the page: ${what}`, () => assert.equal(pageUrl(at(address, canonical, attributes)), expected));
}

test('titles: the attribute, else the document, but not of another page', () => {
  assert.equal(readConfig(at('https://blog.example/')).title, 'A post');
  assert.equal(readConfig(at('https://blog.example/', '', { 'page-title': 'T' })).title, 'T');
  assert.equal(readConfig(at('https://blog.example/', '', { 'page-url': '/other' })).title, '');
});

test('lazy is there or not, or said not to be', () => {
  assert.equal(readConfig(at('https://blog.example/')).lazy, false);
  assert.equal(readConfig(at('https://blog.example/', '', { lazy: '' })).lazy, true);
  assert.equal(readConfig(at('https://blog.example/', '', { lazy: 'true' })).lazy, true);
  assert.equal(readConfig(at('https://blog.example/', '', { lazy: 'false' })).lazy, false);
});

test('a ticket is taken off the address', () => {
  window.happyDOM.setURL('https://blog.example/post?x=1#cw=AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBB');
  assert.deepEqual(takeTicket(), { tx: 'AAAAAAAAAAAAAAAAAAAAAA', code: 'BBBBBBBBBBBBBBBBBBBBBBBB' });
  assert.equal(location.href, 'https://blog.example/post?x=1');
  assert.equal(takeTicket(), null);
});

test('other fragments stay', () => {
  for (const fragment of ['#comment-x', '#cw=', '#cw=a.b', '#cw=AAAAAAAAAAAAAAAAAAAAAA', '#x#cw=AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBB']) {
    window.happyDOM.setURL(`https://blog.example/post${fragment}`);
    assert.equal(takeTicket(), null);
    assert.equal(location.hash, fragment);
  }
});
