import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../service.js';

let service;
let token;
beforeAll(async () => {
  service = await startService();
  ({ token } = await service.login());
});
afterAll(() => service.stop());

it('searches the titles', async () => {
  const found = await (await service.ask('/api/media?search=harbour', { token })).json();
  expect(found.map((item) => item.title)).toEqual(['Letters from the Harbour']);
});
it('asks for a title, lists it and withdraws it', async () => {
  const made = await service.ask('/api/requests', { method: 'POST', token, body: { titleId: 3 } });
  expect(made.status).toBe(201);
  const { id } = await made.json();
  expect(await (await service.ask('/api/requests', { token })).json()).toHaveLength(1);
  expect((await service.ask(`/api/requests/${id}`, { method: 'DELETE', token })).status).toBe(204);
  expect(await (await service.ask('/api/requests', { token })).json()).toHaveLength(0);
});
it('answers a title that is not there with 404', async () => {
  expect((await service.ask('/api/media/99', { token })).status).toBe(404);
});
it('knows its user', async () => {
  expect(await (await service.ask('/api/users/me', { token })).json()).toEqual({ name: 'mira' });
});
