import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, startService } from '../service.js';

let service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const rotate = (refresh) => service.ask('/token', { method: 'POST', body: { refresh } });

it('refuses every route of the API without a token', async () => {
  for (const path of ['/api/media', '/api/requests', '/api/users/me']) {
    expect((await service.ask(path)).status).toBe(401);
  }
});
it('refuses a wrong password and an unknown name alike', async () => {
  const wrong = await service.ask('/login', { method: 'POST', body: { name: 'mira', password: `${PASSWORD}x` } });
  const unknown = await service.ask('/login', { method: 'POST', body: { name: 'noor', password: PASSWORD } });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.json()).toEqual(await unknown.json());
});
it('refuses a token that was changed', async () => {
  const { token } = await service.login();
  const forged = token.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url'));
  expect((await service.ask('/api/users/me', { token: forged })).status).toBe(401);
});
it('lets an access token end after a quarter of an hour', async () => {
  const { token } = await service.login();
  service.clock.ahead = 901 * 1000;
  expect((await service.ask('/api/users/me', { token })).status).toBe(401);
  service.clock.ahead = 0;
});
it('rotates refresh tokens and ends all sessions when one is used twice', async () => {
  const { refresh } = await service.login();
  const next = await (await rotate(refresh)).json();
  expect((await rotate(refresh)).status).toBe(401);
  expect((await rotate(next.refresh)).status).toBe(401);
});
it('asks for a second factor', async () => {
  const answer = await (await service.ask('/login', { method: 'POST', body: { name: 'mira', password: PASSWORD } })).json();
  expect(answer).toHaveProperty('challenge');
});
it('locks an account after ten wrong passwords', async () => {
  const statuses = [];
  for (let attempt = 0; attempt < 11; attempt++) {
    const body = { name: 'mira', password: 'wrong' };
    statuses.push((await service.ask('/login', { method: 'POST', body })).status);
  }
  expect(statuses.at(-1)).toBe(429);
});
