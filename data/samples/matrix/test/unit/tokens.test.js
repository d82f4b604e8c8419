import { describe, expect, it } from 'vitest';
import { Sessions, sign, verify } from '../../src/server/tokens.js';

const key = Buffer.alloc(32, 7);

describe('tokens', () => {
  it('name the one they were made for', () => {
    expect(verify(sign('mira', key, 1000), key, 2000)).toBe('mira');
  });
  it('are refused without their three parts', () => {
    expect(verify('only.two', key, 0)).toBeNull();
  });
});

describe('sessions', () => {
  it('give a new refresh token for each used one', () => {
    const sessions = new Sessions();
    const first = sessions.start('mira');
    const [user, second] = sessions.rotate(first);
    expect(user).toBe('mira');
    expect(second).not.toBe(first);
  });
});
