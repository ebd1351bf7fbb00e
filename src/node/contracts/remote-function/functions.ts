/**
 * The functions called by the contract of remote functions, `xstate-taskpool/testing/contract-functions`: load them
 * where your remote functions run.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskContext } from '../../../index.ts';

export const notAFunction = 1;

export const echo = (value: unknown): unknown => value;

export async function join(first: string, second = 'none'): Promise<string> {
  return `${first} ${second}`;
}

export async function nothing(): Promise<void> {}

export function count(...args: unknown[]): number {
  return args.length;
}

export const secret = (): unknown => ({ deep: [() => 1] });

/** Throws an error with all parts that are transferred. */
export function fail(status: number): never {
  const cause = new RangeError('the cause', { cause: 'its own cause' });
  throw Object.assign(new TypeError('bad', { cause }), { status, code: 'E_BAD', list: [1] });
}

class OutOfStock extends Error {
  override readonly name = 'OutOfStock';
}

export async function failOwn(): Promise<never> {
  throw new OutOfStock('none left');
}

export async function failTwice(): Promise<never> {
  throw new AggregateError([new TypeError('one'), new OutOfStock('two')], 'both');
}

export const failWithText = (): Promise<never> => Promise.reject('only a text');

/** Returns the data of the context, after it has reported and logged. */
export async function tell(item: unknown, context: TaskContext): Promise<unknown> {
  const { id, index, attempt, groupName, functionName, poolName, report, log } = context;
  report({ half: item });
  log('at', item);
  await context.untilStored();
  return { id, index, attempt, groupName, functionName, poolName, pool: context.pool };
}

/** Fails until the given attempt. */
export async function succeedAt(attempt: number, context: TaskContext): Promise<number> {
  if (context.attempt < attempt) throw new Error(`attempt ${context.attempt}`);
  return context.attempt;
}

/** Stops when its signal is aborted. Reports when it has begun. */
export async function untilAborted(
  _item: unknown,
  { signal, report }: TaskContext,
): Promise<never> {
  report('begun');
  return sleep(2 ** 30, undefined, { signal }) as Promise<never>;
}

/** Rejects with the reason of its signal. */
export function throwReason(_item: unknown, { signal, report }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    report('begun');
  });
}

/** Takes some time after its signal is aborted; resolves with the reason, and when it ended. */
export async function finishAnyway(
  _item: unknown,
  { signal, report }: TaskContext,
): Promise<{ reason: string; endedAt: number }> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
    report('begun');
  });
  await sleep(20);
  return { reason: (signal.reason as Error).name, endedAt: Date.now() };
}

export const now = (): number => Date.now();

/** Ends the process or thread in which it runs. */
export function exit(): never {
  process.exit(3);
}

/** Reports and logs values that cannot be transferred unchanged, and changes them afterwards. */
export async function say(_item: unknown, { report, log }: TaskContext): Promise<string> {
  const circle: Record<string, unknown> = { n: 1 };
  circle['self'] = circle;
  report(1n);
  report(circle);
  log(circle, 1n, new RangeError('logged'), () => 1);
  const changing = { n: 1 };
  report(changing);
  log(changing);
  changing.n = 2;
  await sleep(20);
  return 'said';
}

/** Registers two callbacks; resolves with the reasons that they got, in order. */
export function onAbortTwice(_item: unknown, { onAbort, report }: TaskContext): Promise<string[]> {
  return new Promise((resolve) => {
    const called: string[] = [];
    onAbort((reason) => called.push((reason as Error).name));
    onAbort((reason) => resolve([...called, (reason as Error).name]));
    report('begun');
  });
}

export const failWithNothing = (): Promise<never> => Promise.reject();

export function failOfPlatform(): never {
  throw new DOMException('full', 'QuotaExceededError');
}

/** An array with an additional field, which JSON drops. */
export const matched = (): unknown => Object.assign(['b'], { index: 1 });
