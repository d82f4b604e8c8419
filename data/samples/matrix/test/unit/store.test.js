import { expect, it } from 'vitest';
import { Store } from '../../src/server/store.js';

it('finds titles by a part of their words, in any case', () => {
  expect(new Store().search('LIGHTHOUSE').map((item) => item.id)).toEqual([1, 4]);
});
it('keeps one request for a title asked for twice', () => {
  const store = new Store();
  expect(store.request('mira', 2)).toEqual(store.request('mira', 2));
  expect(store.requestsOf('mira')).toHaveLength(1);
});
it('withdraws nobody else\'s request', () => {
  const store = new Store();
  const { id } = store.request('mira', 2);
  expect(store.withdraw('noor', id)).toBe(false);
  expect(store.withdraw('mira', id)).toBe(true);
});
