import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = text('docs/deploy.md');

it('explains every variable that the service reads', () => {
  const read = [...text('src/server/main.js').matchAll(/process\.env\.(\w+)/g)].map((found) => found[1]);
  const missing = [...new Set(read)].filter((name) => !guide.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});
it('names only files that are there', () => {
  const named = [...guide.matchAll(/\b((?:ops|deploy|src)\/[\w./-]+\w)/g)].map((found) => found[1]);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
});
it('has a section for deploying, configuring, secrets and rolling back', () => {
  for (const title of ['## Deploy', '## Configure', '## Secrets', '## Roll back']) expect(guide).toContain(title);
});
