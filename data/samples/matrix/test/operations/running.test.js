import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../service.js';

let service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

it('says that it lives and which version is ready', async () => {
  expect((await service.ask('/health/live')).status).toBe(200);
  expect(await (await service.ask('/health/ready')).json()).toEqual({ ok: true, version: 'test' });
});
it('counts its answers for the monitoring', async () => {
  const text = await (await service.ask('/metrics')).text();
  expect(text).toMatch(/shelf_answers_total\{status="200"\} \d+/);
});
it('writes one log record a request, without its query', async () => {
  await service.ask('/nowhere?token=private');
  expect(service.told.at(-1)).toEqual({ method: 'GET', path: '/nowhere', status: 404 });
});
it('keeps a written alert for failing answers', () => {
  expect(existsSync(new URL('../../deploy/alerts.yaml', import.meta.url))).toBe(true);
});
