/** Titles and requests. */
import express from 'express';
import { refuse } from './refuse.js';

/** The routes that need a token: whose it is stands in `req.user`. */
export function api(store) {
  const router = express.Router();
  router.get('/media', (req, res) => {
    if (typeof (req.query.search ?? '') !== 'string') return refuse(res, 400, 'search is one text');
    res.json(store.search(req.query.search));
  });
  router.get('/media/:id', (req, res) => {
    const found = store.title(Number(req.params.id));
    return found ? res.json(found) : refuse(res, 404, 'no such title');
  });
  router.get('/requests', (req, res) => res.json(store.requestsOf(req.user)));
  router.post('/requests', (req, res) => {
    const { titleId } = req.body ?? {};
    if (!Number.isInteger(titleId)) return refuse(res, 400, 'titleId is a whole number');
    if (!store.title(titleId)) return refuse(res, 404, 'no such title');
    res.status(201).json(store.request(req.user, titleId));
  });
  router.delete('/requests/:id', (req, res) => {
    if (!store.withdraw(req.user, Number(req.params.id))) return refuse(res, 404, 'no such request of yours');
    res.status(204).end();
  });
  router.get('/users/me', (req, res) => res.json({ name: req.user }));
  // TODO: covers are to be stored beside the title; until then the page hides the button.
  router.post('/media/:id/cover', (req, res) => refuse(res, 501, 'not implemented'));
  return router;
}
