/** Functions in threads: their types are those of the module, but for the context and the promise. */

import { expectTypeOf, test } from 'vitest';
import { type RemoteFunction, type TaskContext, TaskPool } from 'xstate-taskpool';
import { move, threads } from 'xstate-taskpool/threads';

interface Work {
  readonly version: string;
  square(n: number): number;
  load(url: string, context: TaskContext): Promise<Uint8Array>;
}

declare const url: URL;
const work = threads<Work>(url, { max: 2, resourceLimits: { maxOldGenerationSizeMb: 64 } });

test('what is no function of the module is not there', () => {
  expectTypeOf(work).not.toHaveProperty('version');
  expectTypeOf(work.close).returns.resolves.toBeVoid();
});

test('a function gives a promise, and needs no context', () => {
  expectTypeOf(work.square).toEqualTypeOf<RemoteFunction<[n: number], number>>();
  expectTypeOf(work.square(2)).resolves.toBeNumber();
  expectTypeOf(work.load('x')).resolves.toEqualTypeOf<Uint8Array>();
});

test('a pool infers what it infers of any function', () => {
  const pool = new TaskPool();
  expectTypeOf(pool.map(work.load, ['a']).results()).resolves.items.toEqualTypeOf<Uint8Array>();
  // @ts-expect-error: a URL is a text
  pool.map(work.load, [1]);
});

test('what is moved keeps its type', () => {
  expectTypeOf(move(new Float32Array(2))).toEqualTypeOf<Float32Array<ArrayBuffer>>();
});
