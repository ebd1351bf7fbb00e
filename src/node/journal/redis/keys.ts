/** What a journal is kept under in Redis. */

/** Braces say which keys belong together, and a colon ends a name. */
const NAME = /^[^\s\p{Cc}{}:]{1,200}$/u;
const PREFIX = /^[^\s\p{Cc}{}]{1,200}$/u;

export interface Keys {
  /** A stream, an entry for each batch, numbered `LAST-COUNT`. */
  readonly events: string;
  /** A hash: who may write, which events are held, which checkpoint counts. */
  readonly meta: string;
  /** Who writes; it goes by itself when no one renews it. */
  readonly lock: string;
  /** A list: the parts of a checkpoint. */
  readonly checkpoint: (draft: string) => string;
}

/** @throws TypeError for a name or prefix that no key can have. */
export function keysOf(prefix: string, name: string): Keys {
  check('name', name, NAME, 'spaces, braces and colons');
  check('prefix', prefix, PREFIX, 'spaces and braces');
  // What is in braces says where a Redis Cluster keeps a key: all of them in one place.
  const base = `${prefix}:{${name}}`;
  return {
    events: `${base}:events`,
    meta: `${base}:meta`,
    lock: `${base}:lock`,
    checkpoint: (draft) => `${base}:checkpoint:${draft}`,
  };
}

function check(what: string, given: unknown, pattern: RegExp, without: string): void {
  if (typeof given === 'string' && pattern.test(given)) return;
  const got = typeof given === 'string' ? JSON.stringify(given.slice(0, 210)) : typeof given;
  throw new TypeError(
    `expected the ${what} of a journal to be 1 to 200 characters without ${without}, got ${got}`,
  );
}
