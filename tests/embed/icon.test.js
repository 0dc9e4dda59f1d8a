import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './page.js';

openPage();
const { draw } = await import('../../static/src/reader/icon.js');

test('paths, each in its own colour or the brand\'s', () => {
  const svg = draw({ paths: [['M0 0h24v24H0z'], ['m1,1 a2 2 0 1 1-3.5.25z', '#ffffff']], color: '#1877f2' });
  assert.equal(svg.namespaceURI, 'http://www.w3.org/2000/svg');
  assert.equal(svg.getAttribute('viewBox'), '0 0 24 24');
  assert.equal(svg.getAttribute('aria-hidden'), 'true');
  assert.deepEqual([...svg.childNodes].map((path) => [path.tagName.toLowerCase(), path.getAttribute('d'), path.getAttribute('fill')]), [
    ['path', 'M0 0h24v24H0z', '#1877f2'],
    ['path', 'm1,1 a2 2 0 1 1-3.5.25z', '#ffffff'],
  ]);
});

test('what is no path and no colour is not drawn', () => {
  for (const [d, fill, color = '#000000'] of [
    ['url(#x)'],
    ['M0 0" onload="x'],
    ['M0 0<script>'],
    ['0 0h1'],
    [''],
    [7],
    [null],
    [`M0 0${'h1'.repeat(3000)}`],
    ['M0 0h1z', 'url(https://evil.example/)'],
    ['M0 0h1z', 'red;background:url(x)'],
    ['M0 0h1z', undefined, 'currentcolor'],
  ]) {
    assert.equal(draw({ paths: [[d, fill]], color }), null, String(d));
  }
  for (const icon of [undefined, null, {}, 'text', { paths: 'M0 0h1z', color: '#000000' }, { paths: [], color: '#000000' }, { paths: [7], color: '#000000' }]) {
    assert.equal(draw(icon), null, JSON.stringify(icon));
  }
});

test('a drawing has an end', () => {
  assert.equal(draw({ paths: Array.from({ length: 500 }, () => ['M0 0h1z']), color: '#000000' }).childNodes.length, 12);
});
