/** What is kept on disk is encrypted with AES-256-GCM; passwords are kept as salted scrypt hashes. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** The text under this 32-byte key, as version, nonce, tag and ciphertext in one base64 string. */
export function seal(text, key) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** The text of a sealed string; throws when a single bit was changed or the key is another one. */
export function open(sealed, key) {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes[0] !== 1) throw new Error(`sealed with version ${bytes[0]}, this program reads version 1`);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13));
  decipher.setAuthTag(bytes.subarray(13, 29));
  return decipher.update(bytes.subarray(29), undefined, 'utf8') + decipher.final('utf8');
}

/** Salt and scrypt hash of a password. */
export function hashPassword(password) {
  const salt = randomBytes(16);
  return `${salt.toString('base64')}:${scryptSync(password, salt, 32).toString('base64')}`;
}

/** Whether the password is the one that was hashed. */
export function isPassword(password, kept) {
  const [salt, hash] = kept.split(':').map((part) => Buffer.from(part, 'base64'));
  return timingSafeEqual(scryptSync(String(password), salt, 32), hash);
}
