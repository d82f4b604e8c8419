/** The HTTP service: signing in, health, the page; the rest is in api.js. */
import { fileURLToPath } from 'node:url';
import express from 'express';
import { api } from './api.js';
import { refuse } from './refuse.js';
import { Sessions, sign, verify } from './tokens.js';

const WEB = fileURLToPath(new URL('../../build/web', import.meta.url));
const PAGE = fileURLToPath(new URL('../web/index.html', import.meta.url));

/** The app; `tell` gets one record a request, `now` is the clock. */
export function makeApp({ store, key, version = 'dev', tell = () => {}, now = Date.now }) {
  const app = express();
  const sessions = new Sessions();
  const answered = new Map();
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    res.set({ 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'self'" });
    res.on('finish', () => {
      answered.set(res.statusCode, (answered.get(res.statusCode) ?? 0) + 1);
      tell({ method: req.method, path: req.path, status: res.statusCode });
    });
    next();
  });
  app.use(express.json({ limit: '10kb' }));
  app.get('/health/live', (req, res) => res.json({ ok: true }));
  app.get('/health/ready', (req, res) => res.json({ ok: true, version }));
  app.get('/metrics', (req, res) => {
    const lines = [...answered].map(([status, count]) => `shelf_answers_total{status="${status}"} ${count}\n`);
    res.type('text/plain').send(`# TYPE shelf_answers_total counter\n${lines.join('')}`);
  });
  app.post('/login', (req, res) => {
    const { name, password } = req.body ?? {};
    if (typeof name !== 'string' || typeof password !== 'string') return refuse(res, 400, 'name and password are texts');
    if (!store.isUser(name, password)) return refuse(res, 401, 'unknown name or password');
    res.json({ token: sign(name, key, now()), refresh: sessions.start(name) });
  });
  app.post('/token', (req, res) => {
    if (typeof req.body?.refresh !== 'string') return refuse(res, 400, 'refresh is a text');
    const rotated = sessions.rotate(req.body.refresh);
    if (!rotated) return refuse(res, 401, 'this refresh token is used up');
    res.json({ token: sign(rotated[0], key, now()), refresh: rotated[1] });
  });
  const guard = (req, res, next) => {
    req.user = verify((req.get('authorization') ?? '').replace(/^Bearer /, ''), key, now());
    return req.user ? next() : refuse(res, 401, 'a token is needed');
  };
  app.use('/api', guard, api(store));
  app.get('/', (req, res) => res.sendFile(PAGE));
  app.use('/assets', express.static(WEB));
  app.use((req, res) => refuse(res, 404, 'no such path'));
  app.use((error, req, res, next) => refuse(res, error.status ?? 500, error.status ? error.message : 'our mistake'));
  return app;
}
