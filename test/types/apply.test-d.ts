import { type ApplyOptions, type TaskContext, type TaskGroup, TaskPool } from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

const pool = new TaskPool();

declare function plain(a: string, b: number): Promise<boolean>;
declare function withContext(a: string, b: number, context: TaskContext): Promise<boolean>;
declare function withSignal(a: string, options: { signal: AbortSignal }): Date;
declare function withOptions(a: string, options?: { signal?: AbortSignal; flag?: string }): Date;
declare function withOptional(a: string, b?: number): Date;
declare function withOptionalAndContext(a: string, b: number | undefined, c: TaskContext): Date;
declare function onlyContext(context: TaskContext): string;
declare function none(): string;
declare function rest(...numbers: number[]): number;
declare function lists(a: readonly string[], b: { c: number }): 1;
declare function generic<T>(item: T): T;

// With or without the trailing context.
const a = pool.apply(plain, ['a', 1]);
check<Equal<typeof a, TaskGroup<boolean>>>();
const b = pool.apply(withContext, ['a', 1]);
check<Equal<typeof b, TaskGroup<boolean>>>();
const c = pool.apply(withSignal, ['a']);
check<Equal<typeof c, TaskGroup<Date>>>();
pool.apply(withOptions, ['a']);
pool.apply(withOptionalAndContext, ['a', undefined]);
pool.apply(withOptionalAndContext, ['a', 1]);
const d = pool.apply(none);
check<Equal<typeof d, TaskGroup<string>>>();
pool.apply(none, []);
pool.apply(onlyContext);
pool.apply(onlyContext, []);
pool.apply(lists, [['a'], { c: 1 }]);

// Options come last.
pool.apply(none, [], { num: 5, groupName: 'mine', endCallback: (id) => id.toFixed() });
pool.apply(plain, ['a', 1], { num: 5, cancelCallback: async () => {} });
pool.apply(plain, ['a', 1], { signal: AbortSignal.timeout(1), passContext: false });

// Arguments may come from elsewhere.
const tuple: [string, number] = ['a', 1];
pool.apply(plain, tuple);
const fixed = ['a', 1] as const;
pool.apply(plain, fixed);
pool.apply(withContext, fixed);
declare const readonly: readonly [string, number];
pool.apply(plain, readonly);

// A function written in place knows its arguments, and the context after them.
const e = pool.apply(
  async (x, y, context) => {
    check<Equal<typeof context, TaskContext>>();
    return [x, y, context.id] as const;
  },
  ['a', 1],
);
check<Equal<typeof e, TaskGroup<readonly ['a', 1, number]>>>();
const f = pool.apply(async (context) => context.groupName);
check<Equal<typeof f, TaskGroup<string>>>();
const g = pool.apply((x: string, y: number, { report }) => report([x, y]), ['a', 1]);
check<Equal<typeof g, TaskGroup<void>>>();
pool.apply(generic, ['a']);

// Optional parameters before the context must be given, or it would take their place.
pool.apply(withOptional, ['a', 1]);
pool.apply(withOptional, ['a', undefined]);
pool.apply(withOptional, ['a'], { passContext: false });
// @ts-expect-error the context would be the number
pool.apply(withOptional, ['a']);
// @ts-expect-error the context would be one of the numbers
pool.apply(rest, [1, 2]);
pool.apply(rest, [1, 2], { passContext: false });

// @ts-expect-error arguments in the wrong order
pool.apply(plain, [1, 'a']);
// @ts-expect-error one of the wrong type
pool.apply(plain, ['a', 'b']);
// @ts-expect-error one too few
pool.apply(plain, ['a']);
// @ts-expect-error none at all
pool.apply(plain);
// @ts-expect-error one too few before the context
pool.apply(withContext, ['a']);
// @ts-expect-error one of the wrong type before the context
pool.apply(withContext, ['a', 'b']);
// @ts-expect-error what is no context in its place
pool.apply(withContext, ['a', 1, 'context']);
// @ts-expect-error no list of arguments
pool.apply(plain, 'a', 1);
// @ts-expect-error it would get no context
pool.apply(withContext, ['a', 1], { passContext: false });
// @ts-expect-error it would get no context
pool.apply(onlyContext, [], { passContext: false });
// Options that may leave it out or not suit functions that do with and without.
declare const options: ApplyOptions;
pool.apply(plain, ['a', 1], options);
pool.apply(none, [], options);
pool.apply(withOptions, ['a'], options);
// @ts-expect-error it might get no context
pool.apply(withContext, ['a', 1], options);
// @ts-expect-error the context might be the number
pool.apply(withOptional, ['a'], options);
// @ts-expect-error map's option
pool.apply(none, [], { numConcurrent: 5 });
// @ts-expect-error a number of times
pool.apply(none, [], { num: '5' });
// @ts-expect-error options instead of arguments
pool.apply(none, { num: 5 });
// @ts-expect-error no function
pool.apply(none(), []);

// starmap is apply for many.
const h = pool.starmap(plain, [
  ['a', 1],
  ['b', 2],
]);
check<Equal<typeof h, TaskGroup<boolean>>>();
pool.starmap(withContext, [['a', 1]]);
pool.starmap(plain, [fixed, tuple, readonly]);
pool.starmap(plain, new Map([['a', 1]]));
pool.starmap((x: string, y: number, { id }) => `${x}${y}${id}`, [['a', 1]]);
pool.starmap(withOptional, [['a', 1]]);
pool.starmap(withOptional, [['a']], { passContext: false });
async function* tuples(): AsyncGenerator<[string, number]> {
  yield ['a', 1];
}
const i = pool.starmap(plain, tuples());
check<Equal<typeof i, TaskGroup<boolean>>>();
// @ts-expect-error arguments in the wrong order
pool.starmap(plain, [[1, 'a']]);
// @ts-expect-error one too few
pool.starmap(plain, [['a']]);
// @ts-expect-error a list of lists
pool.starmap(plain, ['a', 1]);
// @ts-expect-error one of the wrong type before the context
pool.starmap(withContext, [['a', 'b']]);
// @ts-expect-error the context would be the number
pool.starmap(withOptional, [['a']]);
// @ts-expect-error it would get no context
pool.starmap(withContext, [['a', 1]], { passContext: false });
