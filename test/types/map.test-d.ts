import { readFile } from 'node:fs/promises';
import { type TaskContext, type TaskGroup, TaskPool } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool();

// What the function resolves to is what the group gives.
const texts = pool.map(async (n: number) => String(n), [1, 2]);
check<Equal<typeof texts, TaskGroup<string>>>();
check<Equal<Awaited<ReturnType<typeof texts.results>>, string[]>>();
const numbers = pool.map((n: number) => n + 1, [1, 2]);
check<Equal<typeof numbers, TaskGroup<number>>>();
const nothing = pool.map(async (_: string) => {}, ['a']);
check<Equal<typeof nothing, TaskGroup<void>>>();
const either = pool.map((n: number) => (n > 1 ? Promise.resolve('a') : n), [1]);
check<Equal<typeof either, TaskGroup<string | number>>>();
const never = pool.map(() => Promise.reject(new Error('bad')), [1]);
check<Equal<typeof never, TaskGroup<never>>>();

// The parameters of a function written in place are inferred from the items.
pool.map(
  async (item, context) => {
    check<Equal<typeof item, { name: string }>>();
    check<Equal<typeof context, TaskContext>>();
    check<Equal<typeof context.signal, AbortSignal>>();
    return item.name;
  },
  [{ name: 'a' }],
);
pool.map((item) => check<Equal<typeof item, number>>(), new Set([1]));
pool.map((item) => check<Equal<typeof item, [string, number]>>(), new Map([['a', 1]]));
pool.map((item) => check<Equal<typeof item, string>>(), 'text');
pool.map((item, { index }) => check<Equal<typeof index, number>>() ?? item, [1].values());
async function* stream(): AsyncGenerator<Date> {
  yield new Date();
}
pool.map((item) => check<Equal<typeof item, Date>>(), stream());
declare const mixed: Iterable<number> | AsyncIterable<number>;
pool.map((item) => check<Equal<typeof item, number>>(), mixed);
declare const fixed: readonly ['a', 'b'];
pool.map((item) => check<Equal<typeof item, 'a' | 'b'>>(), fixed);

// A function may take less than it is given, and the platform's own are no exception.
pool.map(() => 1, [1, 2]);
const responses = pool.map(fetch, ['https://example.org', new URL('https://example.org')]);
check<Equal<typeof responses, TaskGroup<Response>>>();
const files = pool.map((path, { signal }) => readFile(path, { signal }), ['a']);
export const buffers: TaskGroup<Buffer> = files;
const whole = pool.map(readFile as (path: string, context: TaskContext) => Promise<Buffer>, ['a']);
check<Equal<typeof whole, TaskGroup<Buffer>>>();

// doublestarmap is the same for objects.
const sums = pool.doublestarmap(({ x, y }: { x: number; y?: number }) => x + (y ?? 0), [{ x: 1 }]);
check<Equal<typeof sums, TaskGroup<number>>>();
pool.doublestarmap(
  (named, { id }) => {
    check<Equal<typeof named, { a: string }>>();
    check<Equal<typeof id, number>>();
  },
  [{ a: 'a' }],
);

// Without a context, functions may mind the second argument.
const ints = pool.map(Number.parseInt, ['1'], { passContext: false });
check<Equal<typeof ints, TaskGroup<number>>>();
declare const needsContext: (n: number, context: TaskContext) => string;
declare const needsNumber: (n: number, m: number) => string;
// Errors are about the option that is wrong, wherever it is in the call.
pool.map((n: number) => n, [1], {
  priority: 1,
  // @ts-expect-error it is called numConcurrent
  concurrency: 3,
});
pool.starmap((n: number) => n, [[1]], {
  priority: 1,
  // @ts-expect-error no such value
  onError: 'ignore',
});
declare const passContext: boolean;
pool.map((n: number) => n, [1], { passContext });
pool.map(needsContext, [1], { passContext: true });
// @ts-expect-error it would get no context
pool.map(needsContext, [1], { passContext: false });
// @ts-expect-error it might get no context
pool.map(needsContext, [1], { passContext });
// @ts-expect-error the second argument is the context
pool.map(needsNumber, [1]);
// @ts-expect-error there is no second argument
pool.map(needsNumber, [1], { passContext: false });

// @ts-expect-error items of another type
pool.map(async (n: number) => n, ['a']);
// @ts-expect-error items of another type, among others
pool.map(async (n: number) => n, [1, 'a']);
// @ts-expect-error items of another type, asynchronously
pool.map(async (n: number) => n, stream());
// @ts-expect-error no items
pool.map(async (n: number) => n);
// @ts-expect-error a number is not iterable
pool.map(async (n: number) => n, 5);
// @ts-expect-error no function
pool.map('work', [1]);
// @ts-expect-error an option there is not
pool.map(async (n: number) => n, [1], { concurrency: 5 });
// @ts-expect-error apply's option
pool.map(async (n: number) => n, [1], { num: 5 });
// @ts-expect-error a limit is a number
pool.map(async (n: number) => n, [1], { numConcurrent: '5' });
// @ts-expect-error doublestarmap takes objects
pool.doublestarmap((n: number) => n, [1]);
// @ts-expect-error the wrong objects
pool.doublestarmap(({ x }: { x: number }) => x, [{ x: 'a' }]);

// Items may be promises of what the function takes, all of them or some.
const awaited: TaskGroup<number> = pool.map(async (n: number) => n, [Promise.resolve(1), 2]);
pool.map((n) => n.toFixed(), [Promise.resolve(1)]);
pool.starmap((a: number, b: string) => a + b, [Promise.resolve([1, 'a'] as const)]);
pool.doublestarmap(({ x }: { x: number }) => x, [Promise.resolve({ x: 1 }), { x: 2 }]);
// @ts-expect-error promises of something else
pool.map(async (n: number) => n, [Promise.resolve('a')]);

// A group of anything is a group of something unknown.
const groups: TaskGroup<unknown>[] = [texts, numbers, nothing, responses];
const voids: TaskGroup<void> = nothing;
const unknowns: TaskGroup<unknown> = voids;
pool.cancelGroup(unknowns);
pool.cancelGroup(texts);
// @ts-expect-error not the other way round
const strings: TaskGroup<string> = unknowns;
// @ts-expect-error numbers are no strings
const others: TaskGroup<string> = numbers;
// @ts-expect-error a group is no promise
groups[0]?.then;
// @ts-expect-error groups are made by pools
new TaskGroup();

export { awaited, groups, others, strings };

// Tuples may be readonly, and need not all be of one type.
const constant = [
  [1, 'a'],
  [2, 'b'],
] as const;
const repeated = pool.starmap((n: number, text: string) => text.repeat(n), constant);
check<Equal<typeof repeated, TaskGroup<string>>>();
pool.starmap((n: number, text: string, { id }: TaskContext) => text.repeat(n + id), constant);
pool.starmap((n: number, text: string) => text.repeat(n), constant, { passContext: false });
declare const pairs: readonly (readonly [number, string])[];
pool.starmap((n: number, text: string) => text.repeat(n), pairs);
pool.starmap((n, text) => text.repeat(n), new Map([[1, 'a']]));
// @ts-expect-error arguments of another type
pool.starmap((n: string) => n, constant);
