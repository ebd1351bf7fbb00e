/** Messages of errors and explanations are short and on one line, whatever names and values are in them. */

import { describe, expect, test } from 'vitest';
import { type PoolOptions, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { actors, Log, taskPool, turn, untilAborted } from '../support/pools.ts';

const ok = async () => {};
const limited = () =>
  new TaskPool({ actors, logger: new Log(), poolSize: 1, limits: { l: { concurrent: 1 } } });

/** What is done with a name that somebody chose, and fails or explains. */
const DONE: Record<string, (pool: ReturnType<typeof limited>, name: string) => unknown> = {
  'a group of that name': (pool, name) => pool.group(name),
  'another group of that name': (pool, groupName) => {
    pool.apply(untilAborted, [], { groupName });
    pool.apply(untilAborted, [], { groupName });
  },
  'cancelling it': (pool, name) => pool.cancelGroup(name),
  'a key that there is not': (pool, name) => pool.cancel(name),
  'a key that is taken': (pool, unique) => {
    pool.submit(untilAborted, [], { unique }).catch(() => {});
    return pool.submit(ok, [], { unique, onDuplicate: 'refuse' });
  },
  'a key that is replaced': async (pool, unique) => {
    const replaced = pool.submit(untilAborted, [], { unique });
    pool.submit(ok, [], { unique, onDuplicate: 'replace' });
    return replaced;
  },
  'explaining what waits for a key': async (pool, unique) => {
    pool.submit(untilAborted, [], { unique }).catch(() => {});
    await turn();
    pool.submit(ok, [], { unique, onDuplicate: 'replace' }).catch(() => {});
    throw new Error(pool.explain(unique).sentence);
  },
  'explaining a group': async (pool, groupName) => {
    pool.apply(untilAborted, [], { groupName });
    await turn();
    throw new Error(pool.explain(groupName).sentence);
  },
  'a wait that is given up': (pool, groupName) => {
    const signal = AbortSignal.abort();
    return pool.apply(untilAborted, [], { groupName }).results({ signal });
  },
  'a limit that there is not': (pool, name) =>
    pool.apply(ok, [], { limits: { [name]: true } as object }),
  'an event that there is not': (pool, name) => pool.on(name as 'task.ended', () => {}),
  'an option that there is not': (_, name) => taskPool({ [name]: 1 } as PoolOptions),
  'a text in place of a number': (_, text) => taskPool({ poolSize: text as unknown as number }),
  'a text in place of a function': (pool, text) => pool.apply(text as unknown as () => void),
  'a text in place of one of several': (pool, text) =>
    pool.apply(ok, [], { onError: text as 'stop' }),
  'a text in place of arguments': (pool, text) => pool.apply(ok, text as unknown as []),
};

describe.each([
  ['of a million letters', 'x'.repeat(1_000_000)],
  ['that moves the cursor', '\u001b[2J\r\n\u009b\u2028\u202e'.repeat(1_000)],
])('a name %s', (_, name) => {
  test.each(Object.entries(DONE))('is told in short: %s', async (_what, act) => {
    const pool = limited();
    const error: Error = await Promise.resolve()
      .then(() => act(pool, name) as never)
      .catch((thrown) => thrown);
    expect(error.message.length).toBeGreaterThan(200);
    expect(error.message.length).toBeLessThan(3_000);
    expect(error.message).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  });
});

const named = (name: PropertyDescriptor) => Object.defineProperty(class {}, 'name', name);

test.each([
  ['is a symbol', named({ value: Symbol('name') })],
  ['is a method', named({ value: () => {} })],
  [
    'cannot be read',
    named({
      get() {
        throw new Error('not to be read');
      },
    }),
  ],
])('a class whose name %s is told of as any', (_, given) => {
  expect(() => taskPool({ poolSize: given as unknown as number })).toThrow(
    /^expected poolSize to be a number, got function /,
  );
});

test('a time that no date can hold is told in words', async () => {
  const pool = new TaskPool({
    actors,
    clock: new SimulatedClock(),
    limits: { l: {}, rare: { rate: { max: 1, per: 1e300 } } },
  });
  pool.limits.l.pause('k', 1e300);
  const [paused, rare] = [
    pool.apply(ok, [], { limits: { l: 'k' } }),
    pool.apply(ok, [], { num: 2, limits: { rare: true } }),
  ];
  await turn();
  expect(pool.explain(paused.name).sentence).toMatch(/is paused until a time beyond all dates$/);
  expect(pool.explain(rare.name).sentence).toMatch(/, the next at a time beyond all dates$/);
  pool.cancelAll();
  await pool.gatherAndClose();
});
