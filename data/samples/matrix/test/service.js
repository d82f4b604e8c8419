/** A running service for one test file, with one user and a clock that tests can move. */
import { randomBytes } from 'node:crypto';
import { makeApp } from '../src/server/app.js';
import { Store } from '../src/server/store.js';

export const PASSWORD = randomBytes(9).toString('hex');

export async function startService() {
  const told = [];
  const clock = { ahead: 0 };
  const store = new Store();
  store.addUser('mira', PASSWORD);
  const app = makeApp({
    store,
    key: randomBytes(32),
    version: 'test',
    tell: (record) => told.push(record),
    now: () => Date.now() + clock.ahead,
  });
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const base = `http://127.0.0.1:${server.address().port}`;
  const ask = (path, { method = 'GET', token, body } = {}) =>
    fetch(base + path, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
  const login = async () => (await ask('/login', { method: 'POST', body: { name: 'mira', password: PASSWORD } })).json();
  return { ask, login, told, clock, store, stop: () => server.close() };
}
