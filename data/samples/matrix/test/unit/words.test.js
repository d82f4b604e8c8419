import { expect, it } from 'vitest';
import { describe as tell, inOrder } from '../../src/web/words.js';

it('tells a title in one line', () => {
  expect(tell({ kind: 'film', title: 'Night Ferry', year: 2016 })).toBe('Night Ferry (film, 2016)');
});
it('puts the newest first', () => {
  expect(inOrder([{ year: 1931, title: 'a' }, { year: 2016, title: 'b' }]).map((item) => item.year)).toEqual([2016, 1931]);
});
