/** Functions of a cluster: their types are those of the module, but for the context and the promise. */

import { expectTypeOf, test } from 'vitest';
import { type RemoteFunction, type TaskContext, TaskPool } from 'xstate-taskpool';
import {
  type ClusterWorker,
  cluster,
  type JobReport,
  serve,
  type WorkerStatus,
} from 'xstate-taskpool/cluster';

interface Work {
  readonly version: string;
  square(n: number): number;
  load(url: string, context: TaskContext): Promise<string>;
  maybe(url: string, context?: TaskContext): Promise<string>;
}

declare const module: Work;
const connection = 'redis://localhost';
const work = cluster<Work>('mine', { connection, lease: 2000 });

test('what is no function of the module is not there', () => {
  expectTypeOf(work).not.toHaveProperty('version');
  expectTypeOf(work.close).returns.resolves.toBeVoid();
});

test('a function gives a promise, and needs no context', () => {
  expectTypeOf(work.square).toEqualTypeOf<RemoteFunction<[n: number], number>>();
  expectTypeOf(work.square(2)).resolves.toBeNumber();
  expectTypeOf(work.load('x')).resolves.toBeString();
  expectTypeOf(work.maybe('x')).resolves.toBeString();
});

test('a pool infers what it infers of any function', () => {
  const pool = new TaskPool({ functions: { load: work.load } });
  expectTypeOf(pool.map(work.load, ['a']).results()).resolves.items.toBeString();
  // @ts-expect-error: a URL is a text
  pool.map(work.load, [1]);
});

test('a cluster is told where Redis is, and nothing that there is not', () => {
  // @ts-expect-error: no connection
  cluster<Work>('mine', {});
  // @ts-expect-error: an option there is not
  cluster<Work>('mine', { connection, concurrency: 5 });
  cluster<Work>('mine', { connection: { host: 'redis', port: 6380, tls: {} } });
});

test('a worker serves a module', () => {
  const onJob = ({ outcome }: JobReport) => expectTypeOf(outcome).toExtend<string>();
  const worker = serve(module, 'mine', { connection, concurrency: 5, onJob });
  expectTypeOf(worker).resolves.toEqualTypeOf<ClusterWorker>();
  expectTypeOf<ClusterWorker['status']>().returns.toEqualTypeOf<WorkerStatus>();
});
