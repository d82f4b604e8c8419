/** The household's titles, requests and users. */
import { readFileSync, writeFileSync } from 'node:fs';
import { hashPassword, isPassword, open, seal } from './vault.js';

const TITLES = [
  [1, 'film', 'The Lighthouse Keeper', 1958],
  [2, 'book', 'A Short History of Tides', 2004],
  [3, 'film', 'Letters from the Harbour', 1987],
  [4, 'book', 'The Lighthouse and the Sea', 1931],
  [5, 'film', 'Night Ferry', 2016],
];

export class Store {
  #users = new Map();
  #requests = new Map();
  #next = 1;

  /** Titles that hold these words, best known first; all of them for no words. */
  search(words = '') {
    const wanted = words.toLowerCase();
    return TITLES.map(([id, kind, title, year]) => ({ id, kind, title, year })).filter((item) =>
      item.title.toLowerCase().includes(wanted),
    );
  }

  title(id) {
    return this.search().find((item) => item.id === id);
  }

  addUser(name, password) {
    this.#users.set(name, hashPassword(password));
  }

  isUser(name, password) {
    const kept = this.#users.get(name);
    return kept !== undefined && isPassword(password, kept);
  }

  /** One user asks for one title once. */
  request(user, titleId) {
    const same = this.requestsOf(user).find((request) => request.titleId === titleId);
    if (same) return same;
    const request = { id: this.#next++, user, titleId };
    this.#requests.set(request.id, request);
    return request;
  }

  requestsOf(user) {
    return [...this.#requests.values()].filter((request) => request.user === user);
  }

  /** Whether there was such a request of this user: nobody withdraws another's. */
  withdraw(user, id) {
    return this.#requests.get(id)?.user === user && this.#requests.delete(id);
  }

  /** Write requests to a file that tells nothing without the key. */
  save(path, key) {
    writeFileSync(path, seal(JSON.stringify([...this.#requests.values()]), key), { mode: 0o600 });
  }

  load(path, key) {
    for (const request of JSON.parse(open(readFileSync(path, 'utf8'), key))) {
      this.#requests.set(request.id, request);
      this.#next = Math.max(this.#next, request.id + 1);
    }
  }
}
