/** Signed, short-lived access tokens and the rotating refresh tokens behind them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signature(text, key) {
  return createHmac('sha256', key).update(text).digest();
}

/** A token that says who is meant, until `seconds` from `now` (milliseconds). */
export function sign(subject, key, now, seconds = 900) {
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: subject, exp: Math.floor(now / 1000) + seconds })}`;
  return `${body}.${signature(body, key).toString('base64url')}`;
}

/** Whom a token names, or null: another algorithm, a foreign signature and an expired token are all the same to us. */
export function verify(token, key, now) {
  const [head, payload, given] = String(token).split('.');
  if (!head || !payload || !given) return null;
  const expected = signature(`${head}.${payload}`, key);
  const actual = Buffer.from(given, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  try {
    const { alg } = JSON.parse(Buffer.from(head, 'base64url'));
    const { sub, exp } = JSON.parse(Buffer.from(payload, 'base64url'));
    return alg === 'HS256' && exp > now / 1000 ? sub : null;
  } catch {
    return null;
  }
}

/** Refresh tokens that work once. Using one a second time ends every session of its user: it was stolen. */
export class Sessions {
  #open = new Map(); // of each session its user and the one secret that is good now: what was used takes no memory

  /** The first refresh token of a new session. */
  start(user) {
    return this.#renew(randomBytes(12).toString('base64url'), user);
  }

  /** [user, next token], or null. */
  rotate(token) {
    const [session, secret] = token.split('.');
    const known = this.#open.get(session);
    if (!known) return null;
    if (known.secret !== secret) {
      this.#endAll(known.user);
      return null;
    }
    return [known.user, this.#renew(session, known.user)];
  }

  #renew(session, user) {
    const secret = randomBytes(24).toString('base64url');
    this.#open.set(session, { user, secret });
    return `${session}.${secret}`;
  }

  #endAll(user) {
    for (const [session, known] of this.#open) if (known.user === user) this.#open.delete(session);
  }
}
