import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Store } from '../../src/server/store.js';
import { hashPassword, isPassword, open, seal } from '../../src/server/vault.js';

const key = randomBytes(32);

it('opens what it sealed, and nothing under another key', () => {
  const sealed = seal('a private list', key);
  expect(open(sealed, key)).toBe('a private list');
  expect(() => open(sealed, randomBytes(32))).toThrow();
});
it('notices a single changed bit', () => {
  const bytes = Buffer.from(seal('a private list', key), 'base64');
  bytes[bytes.length - 1] ^= 1;
  expect(() => open(bytes.toString('base64'), key)).toThrow();
});
it('never seals one text the same way twice', () => {
  expect(seal('same', key)).not.toBe(seal('same', key));
});
it('hashes passwords with a salt of their own', () => {
  const kept = hashPassword('one');
  expect(kept).not.toBe(hashPassword('one'));
  expect([isPassword('one', kept), isPassword('two', kept)]).toEqual([true, false]);
});
it('writes requests that cannot be read without the key, for the owner alone', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'shelf-')), 'requests');
  const store = new Store();
  store.request('mira', 3);
  store.save(path, key);
  expect(readFileSync(path, 'utf8')).not.toContain('mira');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const read = new Store();
  read.load(path, key);
  expect(read.requestsOf('mira')).toHaveLength(1);
});
