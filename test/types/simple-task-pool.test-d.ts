import {
  type SimplePoolOptions,
  SimpleTaskPool,
  type TaskContext,
  type TaskGroup,
} from 'xstate-taskpool';
import { check, type Equal } from '../support/types.ts';

declare function plain(a: string, b: number): Promise<boolean>;
declare function withContext(a: string, b: number, context: TaskContext): Promise<boolean>;
declare function withOptional(a: string, b?: number): Date;

type Started<P extends SimpleTaskPool> = ReturnType<P['start']>;

// What the function resolves to is what its groups give.
const a = new SimpleTaskPool(async () => 'a');
check<Equal<Started<typeof a>, TaskGroup<string>>>();
const started = a.start(3);
check<Equal<typeof started, TaskGroup<string>>>();
const b = new SimpleTaskPool(plain, ['a', 1]);
check<Equal<Started<typeof b>, TaskGroup<boolean>>>();
const c = new SimpleTaskPool(withContext, ['a', 1], { poolSize: 5, endCallback: (id) => id });
check<Equal<Started<typeof c>, TaskGroup<boolean>>>();
const d = new SimpleTaskPool(async (context) => context.signal.aborted);
check<Equal<Started<typeof d>, TaskGroup<boolean>>>();
const e = new SimpleTaskPool(async ({ signal }) => signal.aborted, [], { name: 'mine' });
check<Equal<Started<typeof e>, TaskGroup<boolean>>>();
new SimpleTaskPool(withOptional, ['a', undefined]);

check<Equal<ReturnType<typeof a.stop>, number[]>>();
check<Equal<ReturnType<typeof a.stopAll>, number[]>>();
check<Equal<typeof a.funcName, string>>();

// @ts-expect-error arguments in the wrong order
new SimpleTaskPool(plain, [1, 'a']);
// @ts-expect-error one too few
new SimpleTaskPool(plain, ['a']);
// @ts-expect-error none at all
new SimpleTaskPool(plain);
// @ts-expect-error the context would be the number
new SimpleTaskPool(withOptional, ['a']);
// @ts-expect-error no function
new SimpleTaskPool('work');
// @ts-expect-error options instead of arguments
new SimpleTaskPool(plain, { poolSize: 5 });
// @ts-expect-error an option there is not
new SimpleTaskPool(async () => 1, [], { numConcurrent: 5 });
// @ts-expect-error the function is what it is
a.funcName = 'other';
// @ts-expect-error a number of tasks
a.start('3');
// @ts-expect-error only a TaskPool applies
a.apply(async () => 1);
export const pools: SimpleTaskPool[] = [a, b, c, d, e];
export const numbered: SimpleTaskPool<boolean> = b;
export const options: SimplePoolOptions = { retain: 5, cancelCallback: () => {} };
