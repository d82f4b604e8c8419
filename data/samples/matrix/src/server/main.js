/** Start the service from the environment; docs/deploy.md lists the variables. */
import { randomBytes } from 'node:crypto';
import { makeApp } from './app.js';
import { Store } from './store.js';

const store = new Store();
if (process.env.SHELF_USER) store.addUser(process.env.SHELF_USER, process.env.SHELF_PASSWORD ?? '');
const key = process.env.SHELF_KEY ? Buffer.from(process.env.SHELF_KEY, 'base64') : randomBytes(32);
const version = process.env.SHELF_VERSION ?? 'dev';
const tell = process.env.SHELF_LOG === 'off' ? () => {} : (record) => console.log(JSON.stringify(record));
const server = makeApp({ store, key, version, tell }).listen(
  Number(process.env.SHELF_PORT ?? 8080),
  process.env.SHELF_HOST ?? '127.0.0.1',
);
process.on('SIGTERM', () => server.close(() => process.exit(0)));

// A soak test asks for samples of the memory in use, one JSON line each. Under `node --expose-gc` garbage goes first, so
// that a sample holds what is alive and nothing else.
if (process.env.SHELF_MEMORY_EVERY) {
  setInterval(() => {
    globalThis.gc?.();
    console.error(JSON.stringify({ ts: new Date().toISOString(), ...process.memoryUsage() }));
  }, 1000 * Number(process.env.SHELF_MEMORY_EVERY));
}
