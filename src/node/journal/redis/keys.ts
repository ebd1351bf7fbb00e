/** The keys of a journal in Redis. */

/** Braces mark the hash tag of a key, and a colon ends a name. */
const NAME = /^[^\s\p{Cc}{}:]{1,200}$/u;
const PREFIX = /^[^\s\p{Cc}{}]{1,200}$/u;

export interface Keys {
  /** A stream with an entry for each batch, whose id is `LAST-COUNT`. */
  readonly events: string;
  /** A hash: the writer's fence, the range of events, the current checkpoint. */
  readonly meta: string;
  /** The writer; it expires unless it is renewed. */
  readonly lock: string;
  /** A list: the parts of a checkpoint. */
  readonly checkpoint: (draft: string) => string;
}

/**
 * @throws TypeError for an invalid name or prefix.
 */
export function keysOf(prefix: string, name: string): Keys {
  check('name', name, NAME, 'spaces, braces and colons');
  check('prefix', prefix, PREFIX, 'spaces and braces');
  // The hash tag in braces puts all keys of a journal into one slot of a Redis Cluster.
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
