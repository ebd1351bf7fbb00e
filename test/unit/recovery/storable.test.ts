import { describe, expect, test } from 'vitest';
import { checkpointOf, NotStorable } from 'xstate-taskpool';
import { simplePool, taskPool, turn } from '../../support/pools.ts';

const work = async (..._given: unknown[]) => {};
const storing = () => taskPool({ functions: { work } });

class Point {
  x = 1;
}
const cycle: { list: unknown[] } = { list: [] };
cycle.list.push(cycle);
/** An object with a property that JSON and copies skip. */
const hiding = (value: object) => Object.defineProperty(value, Symbol('hidden'), { value: 1 });
let deep: unknown = 1;
for (let level = 0; level < 1001; level++) deep = [deep];
const sparse = [1];
sparse[2] = 3;

const REFUSED: [what: string, value: unknown, path: string, got: string][] = [
  ['undefined', undefined, '', 'undefined'],
  ['a property that is undefined', { a: { b: undefined } }, '.a.b', 'undefined'],
  ['an element that is undefined', [1, undefined], '[1]', 'undefined'],
  ['a hole', sparse, '[1]', 'a hole in an array'],
  ['a function', { f: work }, '.f', 'function work'],
  ['a symbol', [Symbol('s')], '[0]', 'Symbol(s)'],
  ['a bigint', { n: 12n }, '.n', '12n'],
  ['NaN', [Number.NaN], '[0]', 'NaN'],
  ['an infinity', { n: -Infinity }, '.n', '-Infinity'],
  ['negative zero', -0, '', '-0'],
  ['a date', { when: new Date(0) }, '.when', 'an object (Date)'],
  ['a map', new Map(), '', 'an object (Map)'],
  ['a set', [new Set([1])], '[0]', 'an object (Set)'],
  ['bytes', new Uint8Array(2), '', 'an object (Uint8Array)'],
  ['an instance', { at: new Point() }, '.at', 'an object (Point)'],
  ['an error', new Error('no'), '', 'an object (Error)'],
  ['a boxed number', Object(1), '', 'an object (Number)'],
  ['a cycle', cycle, '.list[0]', 'an object that contains itself'],
  ['a key that is a symbol', { [Symbol('k')]: 1 }, '[Symbol(k)]', 'a symbol as a key'],
  ['a property of an array', Object.assign([1], { x: 1 }), '.x', 'a property of an array'],
  ['a key with a dash', { 'a-b': work }, '["a-b"]', 'function work'],
  ['what inherits', Object.create({ a: 1 }), '', 'an object (Object)'],
];

describe('what JSON would lose or change is refused, with its path', () => {
  test.each(REFUSED)('%s', async (_what, value, path, got) => {
    const pool = storing();
    const { nextSeq } = pool.journal;
    const refusal = (at: string) =>
      new NotStorable(`expected ${at}${path} to survive JSON unchanged, got ${got}`);
    expect(() => pool.apply(work, ['fine', value])).toThrow(refusal('args[1]'));
    expect(() => pool.map(work, [1, 2, value])).toThrow(refusal('items[2]'));
    expect(() => pool.starmap(work, [[1, value]] as never)).toThrow(refusal('items[0][1]'));
    await turn();
    expect(pool.journal.nextSeq).toBe(nextSeq);
    expect(pool.snapshot().groups).toEqual([]);
  });

  test('something too deep', () => {
    expect(() => storing().map(work, [deep])).toThrow(
      /^expected items\[0\][[\]0]+… to survive JSON unchanged, got something nested 1000 levels deep$/,
    );
  });

  test('more than one event may hold', () => {
    const long = 'x'.repeat(65_536);
    const pool = storing();
    expect(() => pool.apply(work, [Array(4096).fill(long)])).toThrow(
      new NotStorable('expected args to take up to 256 MiB as JSON, got 257 MiB'),
    );
    expect(() => pool.apply(work, [Array(4095).fill(long)])).not.toThrow();
    pool.cancelAll();
  });

  test('a getter that throws, with what it threw', () => {
    const cause = new Error('hostile');
    const hostile = {
      get secret(): never {
        throw cause;
      },
    };
    let error: unknown;
    try {
      storing().apply(work, [hostile]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toEqual(
      new NotStorable('expected args[0].secret to survive JSON unchanged, got an error'),
    );
    expect((error as Error).cause).toBe(cause);
  });

  test('an item that a source gives late ends its group, and the source is told to stop', async () => {
    const { work, calls } = notingItems();
    const pool = taskPool({ functions: { work } });
    let stopped = false;
    function* source() {
      try {
        yield { n: 1 };
        yield { when: new Date(0) };
        yield { n: 2 };
      } finally {
        stopped = true;
      }
    }
    const group = pool.map(work, source());
    const message = 'expected items[1].when to survive JSON unchanged, got an object (Date)';
    await expect(group.results()).rejects.toThrow(new NotStorable(message));
    expect(calls).toEqual([{ n: 1 }]);
    expect(stopped).toBe(true);
    expect([...pool.journal].find(({ type }) => type === 'group.failed')).toMatchObject({
      error: { name: 'NotStorable', code: 'NotStorable', message },
    });
    expect(pool.snapshot().groups).toMatchObject([{ source: 'failed', created: 1, ended: 1 }]);
  });

  test('a function that is not one of those given', () => {
    const other = () => {};
    const pool = storing();
    expect(() => pool.apply(other)).toThrow(
      new NotStorable('expected one of the functions of the pool (work), got function other'),
    );
    expect(() => taskPool({ functions: {} }).map(other, [])).toThrow(/\(none\)/);
    expect(() => simplePool(other, [], { functions: { work } })).toThrow(NotStorable);
    expect(() => simplePool(work, [new Date(0)], { functions: { work } })).toThrow(NotStorable);
  });

  test('functions that are none', () => {
    expect(() => taskPool({ functions: 1 as never })).toThrow(
      new TypeError('expected functions to be an object of functions by name, got 1'),
    );
    expect(() => taskPool({ functions: { a: 1 as never } })).toThrow(
      'expected functions.a to be a function, got 1',
    );
  });
});

/** A function that notes what it is given. */
function notingItems() {
  const calls: unknown[] = [];
  const work = async (item: unknown) => void calls.push(item);
  return { work, calls };
}

describe('what is stored', () => {
  test('is what the functions get: copies, which are theirs', async () => {
    const shared = { n: [1] };
    const got: { n: number[] }[] = [];
    const work = async (item: { n: number[] }) => {
      item.n.push(2);
      got.push(item);
    };
    const pool = taskPool({ functions: { work } });
    await pool.map(work, [shared, shared]).results();
    await pool.apply(work, [shared], { num: 2 }).results();
    await pool.map(work, new Set([shared])).results();
    expect(got).toEqual(Array(5).fill({ n: [1, 2] }));
    expect(new Set(got).size).toBe(5);
    expect(shared).toEqual({ n: [1] });
    const created = [...pool.journal].filter((event) => 'args' in event || 'item' in event);
    expect(created).toMatchObject([{ args: [{ n: [1] }] }, { item: { n: [1] } }]);
  });

  test('is what an array held at the call', async () => {
    const { work, calls } = notingItems();
    const pool = taskPool({ functions: { work } });
    const items = [{ n: 1 }, { n: 2 }];
    const group = pool.map(work, items);
    items[1] = { n: 9 };
    (items[0] as { n: number }).n = 8;
    items.push({ n: 3 });
    await group.results();
    expect(calls).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('is under the name that was given', async () => {
    const pool = taskPool({ functions: { named: work, again: work } });
    const group = pool.map(work, [1]);
    expect(group.name).toBe('map-named-group-0');
    expect(pool.snapshot().groups).toMatchObject([{ functionName: 'named' }]);
  });

  test('leaves out hidden properties, as JSON does', () => {
    const pool = storing();
    pool.apply(work, [hiding({ n: 1 })]);
    expect(checkpointOf(pool.journal).groups[0]?.fields.args).toEqual([{ n: 1 }]);
    pool.cancelAll();
  });

  test('keeps keys that are dangerous, and objects of other kinds of plainness', async () => {
    const { work, calls } = notingItems();
    const pool = taskPool({ functions: { work } });
    const item = JSON.parse('{"__proto__": {"x": 1}, "constructor": [1]}');
    await pool.map(work, [item, Object.assign(Object.create(null), { y: 2 })]).results();
    expect(JSON.stringify(calls)).toBe('[{"__proto__":{"x":1},"constructor":[1]},{"y":2}]');
    expect(Object.getPrototypeOf(calls[0])).toBe(Object.prototype);
  });

  test('comes in pieces of a thousand, which a subscriber finds whole', async () => {
    const { work } = notingItems();
    const pool = taskPool({ functions: { work } });
    const sizes = () =>
      [...pool.journal].flatMap((e) => (e.type === 'group.supplied' ? [e.items.length] : []));
    pool.on('group.created', ({ group }) => {
      expect(sizes()).toEqual([1000, 1000, 1]);
      pool.cancelGroup(group);
    });
    pool.map(work, [...Array(2001).keys()], { groupName: 'gone' });
    expect(pool.snapshot().groups).toEqual([]);
    await turn();
    expect(pool.totals.created).toBe(0);
  });

  test('comes in pieces of a quarter of a megabyte, larger items alone', () => {
    const { work } = notingItems();
    const pool = taskPool({ functions: { work }, poolSize: 0 });
    const sizes = [1, 100_000, 100_000, 100_000, 600_000, 1, 1];
    pool.map(work, sizes.map((size) => 'x'.repeat(size)) as never);
    const pieces = [...pool.journal].flatMap((e) =>
      e.type === 'group.supplied' ? [e.items.map((item) => String(item).length)] : [],
    );
    expect(pieces).toEqual([[1, 100_000, 100_000], [100_000], [600_000], [1, 1]]);
  });

  test('nothing of it is in the journal of a pool without functions', async () => {
    const pool = taskPool();
    await pool.map(async (d: Date) => d, [new Date(0)]).results();
    await pool.apply(work, [1n as never]).results();
    const text = JSON.stringify([...pool.journal]);
    expect(text).not.toMatch(/item|args|supplied/);
  });
});
