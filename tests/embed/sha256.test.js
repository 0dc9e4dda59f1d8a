import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { sha256 } from '../../static/src/signin/sha256.js';

/** @param {string} text */
const theirs = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
/** @param {string} text */
const ours = (text) => Buffer.from(sha256(text)).toString('hex');

test('the examples of FIPS 180-4', () => {
  assert.equal(ours('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(ours('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1');
});

test('every length around the blocks, and any Unicode', () => {
  for (let length = 0; length < 200; length++) assert.equal(ours('x'.repeat(length)), theirs('x'.repeat(length)), String(length));
  for (const text of ['', 'è', '日本語', '🙂'.repeat(50)]) assert.equal(ours(text), theirs(text));
});

test('two hundred verifiers', () => {
  for (let turn = 0; turn < 200; turn++) {
    const verifier = randomBytes(32).toString('base64url');
    assert.equal(ours(verifier), theirs(verifier));
  }
});
