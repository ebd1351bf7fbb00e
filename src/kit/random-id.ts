const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A unique id of 22 random base64url characters; it is not a secret. It does not use `crypto`, which some platforms
 * take longer to load than the whole pool.
 */
export function randomId(): string {
  let id = '';
  while (id.length < 22) id += DIGITS[Math.floor(Math.random() * DIGITS.length)];
  return id;
}
