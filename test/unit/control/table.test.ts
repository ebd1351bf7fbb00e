/** The table as a whole: nothing of a pool is missing in it, and it can be parsed and called. */

import { describe, expect, test } from 'vitest';
import { BasePool, SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import { COMMANDS } from 'xstate-taskpool/control';

/** What of a pool is no command, and why. */
const NO_COMMAND: Readonly<Record<string, string>> = {
  constructor: 'makes the pool',
  toString: 'is the greeting',
  kind: 'is in the greeting',
  uid: 'is in the greeting',
  name: 'is in `status`',
  totals: 'are in `status`',
  snapshot: 'is what `status`, `groups` and `tasks` show',
  on: 'is `watch`',
  around: 'takes a function, which no text can stand for',
  resize: 'is `pool-size`',
  clock: 'is an object that no text can stand for',
  hasGroup: 'is in `groups`',
  group: 'is `pause`, `resume`, `num-concurrent` and `cancel-group`',
  task: 'is `tasks`',
  toJSON: 'is `state`',
  isDurable: 'is for who can suspend',
  suspend: 'ends the program that is controlled: that is up to it, by its signals',
  defaults: 'may hold functions, which no text can stand for',
  actor: 'is an object that no text can stand for',
  checkpoint: 'concerns the journal, which the program keeps',
  untilDurable: 'concerns the journal, which the program keeps',
};

const commands = new Set(Object.keys(COMMANDS));
const publicNames = [BasePool, TaskPool, SimpleTaskPool].flatMap((pool) => namesOf(pool.prototype));

/** The names of an object, its own and those that it inherits. */
function namesOf(object: object): string[] {
  const parent: unknown = Object.getPrototypeOf(object);
  if (parent === null) return [];
  return [...namesOf(parent as object), ...Object.getOwnPropertyNames(object)];
}

test('each method and property of a pool is a command, or has a reason not to be', () => {
  const unknown = publicNames.filter(
    (name) => !commands.has(name) && !Object.hasOwn(NO_COMMAND, name),
  );
  expect(unknown).toEqual([]);
});

test('what is no command is there, and is none', () => {
  for (const name of Object.keys(NO_COMMAND)) {
    expect(publicNames).toContain(name);
    expect(commands.has(name), name).toBe(false);
  }
});

describe.each(Object.entries(COMMANDS))('%s', (_, { help, positionals, options, streams }) => {
  test('has one line of help', () => {
    expect(help).toMatch(/^[A-Z][^\n]{5,74}\.$/);
  });

  test('has parameters that can be told apart', () => {
    const names = [...positionals.map(({ name }) => name), ...Object.keys(options)];
    expect(new Set(names).size).toBe(names.length);
    const letters = ['h', ...Object.values(options).map(({ letter }) => letter)];
    expect(new Set(letters).size).toBe(letters.length);
    for (const letter of letters) expect(letter).toMatch(/^[a-z]$/);
  });

  test('has optional parameters last, one at the most that takes many, and then no options', () => {
    const kinds = positionals.map(({ takes }) => takes);
    expect(kinds.slice(0, -1).filter((takes) => takes !== 'one')).toEqual([]);
    const takesMany = kinds.some((takes) => takes === 'some' || takes === 'any');
    // A stream's method of the client is written by hand, and has either.
    if (takesMany && !streams) expect(Object.keys(options)).toEqual([]);
  });
});
