const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * 22 random characters as base64url has them: told apart from all others, but no secret. Not from
 * `crypto`, which takes some platforms longer to load than all else of a pool.
 */
export function randomId(): string {
  let id = '';
  while (id.length < 22) id += DIGITS[Math.floor(Math.random() * DIGITS.length)];
  return id;
}
