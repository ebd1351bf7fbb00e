/** Checks of options. */

/** @throws TypeError, RangeError unless it is a number of milliseconds from `least` on, or `Infinity`. */
export function checkDuration(name: string, value: unknown, least: number): void {
  if (typeof value !== 'number') {
    throw new TypeError(`expected ${name} to be milliseconds, got ${typeof value}`);
  }
  if (value >= least) return;
  throw new RangeError(`expected ${name} to be at least ${least} ms, got ${value}`);
}

/** @throws TypeError, RangeError unless it is a number of characters. */
export function checkSize(name: string, value: unknown): void {
  if (typeof value !== 'number') {
    throw new TypeError(`expected ${name} to be a number of characters, got ${typeof value}`);
  }
  if (value > 0) return;
  throw new RangeError(`expected ${name} to be more than 0 characters, got ${value}`);
}

/** @throws TypeError unless it is a text with something in it, or undefined. */
export function checkText(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  const given = value === '' ? 'an empty one' : typeof value;
  throw new TypeError(`expected ${name} to be a text, got ${given}`);
}
