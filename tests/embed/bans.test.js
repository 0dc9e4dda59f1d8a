import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

const BANNED = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|srcdoc|\beval\(|new Function/;

for (const folder of ['src', 'dist']) {
  test(`no markup strings in static/${folder}`, async () => {
    const at = new URL(`../../static/${folder}/`, import.meta.url);
    const scripts = (await readdir(at, { recursive: true })).filter((name) => name.endsWith('.js'));
    assert.ok(scripts.length > 3);
    for (const name of scripts) assert.doesNotMatch(await readFile(new URL(name, at), 'utf8'), BANNED, name);
  });
}
