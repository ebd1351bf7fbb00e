/** Functions that threads run in tests. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, threadId } from 'node:worker_threads';
import type { TaskContext } from 'xstate-taskpool';

export const notAFunction = 1;

export const echo = (value: unknown): unknown => value;

export const where = (): [isMainThread: boolean, threadId: number] => [isMainThread, threadId];

/** What the context says, after it has reported and logged. */
export async function tell(item: string, context: TaskContext): Promise<unknown> {
  const { id, index, attempt, groupName, functionName, poolName, report, log } = context;
  report({ half: item });
  log('at', item, () => 1);
  await context.untilStored();
  return { id, index, attempt, groupName, functionName, poolName, pool: context.pool };
}

export function count(...args: unknown[]): number {
  return args.length;
}

/** Counts its calls, in memory that threads share. */
export function add(counts: SharedArrayBuffer, index: number): number {
  Atomics.add(new Int32Array(counts), index, 1);
  return index;
}

/** Keeps the thread busy, and looks at no signal. */
export function loop(..._items: unknown[]): never {
  for (;;);
}

export async function untilAborted(_item: unknown, { signal }: TaskContext): Promise<never> {
  return sleep(1e9, undefined, { signal }) as Promise<never>;
}

export function throwsReason(_item: unknown, { signal }: TaskContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

export async function finishesAnyway(item: unknown, { signal }: TaskContext): Promise<unknown> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return item;
}

/** Waits until somebody opens a gate, in memory that threads share. */
export async function through(gate: SharedArrayBuffer): Promise<string> {
  while (Atomics.load(new Int32Array(gate), 0) === 0) await sleep(5);
  return 'through';
}

export function fail(status: number): never {
  const cause = new RangeError('the cause');
  throw Object.assign(new TypeError('bad', { cause }), { status, code: 'E_BAD' });
}

export async function exit(code: number): Promise<never> {
  process.exit(code);
}

export function crash(): Promise<never> {
  setImmediate(() => {
    throw new Error('nobody catches this');
  });
  return new Promise(() => {});
}

export function eat(): number {
  const eaten: unknown[][] = [];
  for (;;) eaten.push(new Array(100_000).fill(eaten.length));
}

export const secret = (): unknown => ({ deep: [() => 1] });

export async function fill(bytes: Uint8Array, value: number): Promise<Uint8Array> {
  // Most threads start without it in two thirds of the time.
  const { move } = await import('xstate-taskpool/threads');
  bytes.fill(value);
  return move(bytes);
}

/** Prime numbers below a limit, the slow way. */
export function primes(below: number): number {
  let found = 0;
  for (let n = 2; n < below; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (isPrime) found++;
  }
  return found;
}

export let later: ((item: string, context: TaskContext) => unknown) | undefined;

/** From now on there is a function more. */
export function exportLater(): void {
  later = (item, { attempt }) => [item, attempt];
}
