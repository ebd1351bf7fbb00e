/** Functions that run in worker threads. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { TaskTimedOut } from 'xstate-taskpool';
import { threads } from 'xstate-taskpool/threads';
import { builtProgram } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { Log, taskPool } from '../../support/pools.ts';
import { programUrl, type WorkInThreads, workInThreads } from '../../support/threads.ts';
import type * as Work from './programs/work.ts';

/** Resolves once a task was placed in a thread. */
const placed = (pool: ReturnType<typeof taskPool>) =>
  new Promise<string>((resolve) => {
    pool.on('task.placed', ({ by }) => resolve(by), { once: true });
  });

describe('a call', () => {
  // None of them changes anything for the next one.
  const work = threads<typeof Work>(programUrl('work'), { max: 1 });
  afterAll(() => work.close());

  test('runs in a thread, and its task says in which', async () => {
    const pool = taskPool();
    const [[isMainThread, threadId] = [true, 0]] = await pool.apply(work.where).results();
    expect(isMainThread).toBe(false);
    expect(pool.task(0).placedBy).toBe(`thread-${threadId}`);
    expect(await work.where()).toEqual([false, threadId]);
  });

  test('has its context there: names, report, log and the store', async () => {
    const logger = new Log();
    const pool = taskPool({ name: 'mine', logger });
    const [told] = await pool.map(work.tell, ['x'], { groupName: 'g' }).results();
    expect(told).toEqual({
      ...{ id: 0, index: 0, attempt: 1, groupName: 'g', functionName: 'tell', poolName: 'mine' },
      pool: { name: 'mine', uid: expect.any(String), epoch: 0 },
    });
    expect(pool.task(0).progress).toEqual({ half: 'x' });
    expect(logger.lines).toEqual([['mine task 0:', 'at', 'x', '[Function (anonymous)]']]);
  });

  test('gets no context it cannot see, or was not to get', async () => {
    const pool = taskPool();
    expect(await pool.map(work.count, ['x']).results()).toEqual([2]);
    expect(await pool.map(work.count, ['x'], { passContext: false }).results()).toEqual([1]);
    expect(await work.count(1, 2, 3)).toBe(3);
  });

  test('clones what it is given, and moves what is to be moved', async () => {
    const { move } = await import('xstate-taskpool/threads');
    const map = new Map([['a', new Set([1n])]]);
    expect(await work.echo({ map, at: new Date(0) })).toEqual({ map, at: new Date(0) });
    const bytes = new Uint8Array(8);
    const filled = await work.fill(move(bytes), 7);
    expect(bytes.byteLength).toBe(0);
    expect(filled).toEqual(new Uint8Array(8).fill(7));
    const copied = new Uint8Array(8);
    await work.fill(copied, 7);
    expect(copied.byteLength).toBe(8);
  });

  test('that cannot travel is refused, with the path, and its thread goes on', async () => {
    await expect(work.echo({ list: [() => 1] })).rejects.toMatchObject({
      name: 'CannotTravel',
      path: 'arguments[0].list[0]',
    });
    const [, thread] = await work.where();
    await expect(work.secret()).rejects.toMatchObject({
      name: 'CannotTravel',
      path: 'the result.deep[0]',
    });
    expect(await work.where()).toEqual([false, thread]);
  });

  test('that throws rejects with the error of the far side', async () => {
    const pool = taskPool();
    const error = await pool
      .map(work.fail, [503])
      .results()
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'bad', status: 503, code: 'E_BAD' });
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.stack).toContain('work.js');
  });

  test('of a function that there is not says which there are', async () => {
    const functions = work as unknown as Record<string, () => Promise<unknown>>;
    for (const name of ['ehco', 'notAFunction', 'toString']) {
      await expect(functions[name]?.()).rejects.toMatchObject({
        name: 'NoSuchRemoteFunction',
        message: expect.stringMatching(new RegExp(`work\\.js \\(.*echo.*\\), got '${name}'`)),
      });
    }
  });

  test('of a module that cannot be loaded is rejected with the reason', async () => {
    for (const url of [programUrl('broken'), new URL('file:///nowhere/work.js')]) {
      const work = threads<{ go(): void }>(url, { max: 2 });
      const calls = await Promise.allSettled([work.go(), work.go(), work.go()]);
      expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      await expect(work.go()).rejects.toThrow(/no such device|Cannot find module/);
      await work.close();
    }
  });
});

describe('a module', () => {
  test('may be TypeScript where Node strips types, and says so elsewhere', async () => {
    const path = join(await temporaryFolder(), 'work.ts');
    writeFileSync(path, 'export const double = (n: number): number => 2 * n;\n');
    const work = threads<{ double(n: number): number }>(pathToFileURL(path), { max: 1 });
    onTestFinished(() => work.close());
    const results = taskPool().map(work.double, [1, 2]).results();
    if (Reflect.get(process.features, 'typescript')) expect(await results).toEqual([2, 4]);
    else await expect(results).rejects.toThrow('".ts"');
  });

  test('may export a function later', async () => {
    const work = workInThreads({ max: 1 }) as WorkInThreads & {
      later(item: string): Promise<unknown>;
    };
    await work.exportLater();
    expect(await taskPool().map(work.later, ['x']).results()).toEqual([['x', 1]]);
  });
});

describe('a cancel', () => {
  test.each(['untilAborted', 'throwsReason'] as const)('is seen by %s', async (name) => {
    const work = workInThreads({ max: 1 });
    const pool = taskPool();
    const [, before] = await work.where();
    const group = pool.map(work[name], ['x']);
    await placed(pool);
    pool.cancel(0);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
    // It gave in, so the thread is the one it was.
    expect(await work.where()).toEqual([false, before]);
  });

  test('of a function that finishes all the same changes nothing about its result', async () => {
    const work = workInThreads({ max: 1 });
    const pool = taskPool();
    const group = pool.map(work.finishesAnyway, ['x']);
    await placed(pool);
    pool.cancel(0);
    expect(await group.results()).toEqual(['x']);
  });

  test('of an endless loop ends its thread after the grace, and no other call', async () => {
    const work = workInThreads({ max: 2, grace: 20 });
    const logger = new Log();
    const pool = taskPool({ logger });
    const gate = new SharedArrayBuffer(4);
    const other = pool.map(work.through, [gate]);
    await placed(pool);
    const group = pool.apply(work.loop);
    const thread = await placed(pool);
    pool.cancel(1);
    expect(pool.numRunning).toBe(2);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
    const ended = `${thread} is ended: loop() did not stop within 20 ms after it was asked to`;
    expect(logger.lines).toEqual([[expect.stringContaining('task 1:'), ended]]);
    Atomics.store(new Int32Array(gate), 0, 1);
    expect(await other.results()).toEqual(['through']);
  });

  test('of an endless loop is over soon after the grace', async () => {
    const work = workInThreads({ min: 2, grace: 20 });
    const pool = taskPool({ logger: new Log() });
    const times: number[] = [];
    // 20 ms on a machine that has nothing else to do; one that is busy is late, but not each time.
    for (let n = 0; n < 3 || (n < 20 && Math.min(...times) >= 420); n++) {
      const group = pool.apply(work.loop);
      await placed(pool);
      const start = performance.now();
      group.cancel();
      await group.settled();
      times.push(performance.now() - start);
    }
    for (const time of times) expect(time).toBeGreaterThan(19);
    expect(Math.min(...times)).toBeLessThan(420);
  });

  test('of a call that waits for a thread means that it never begins', async () => {
    const work = workInThreads({ max: 1 });
    const pool = taskPool();
    const first = pool.map(work.finishesAnyway, ['first']);
    await placed(pool);
    const second = pool.map(work.echo, ['second']);
    await new Promise((resolve) => pool.on('task.started', resolve, { once: true }));
    expect(pool.explain(1)).toMatchObject({
      sentence: expect.stringMatching(/waits: the only thread has been busy for \d+ s$/),
    });
    pool.cancel(1);
    expect(await second.settled()).toMatchObject([{ status: 'cancelled' }]);
    pool.cancel(0);
    expect(await first.results()).toEqual(['first']);
  });

  test('by a limit in time says in the cause that the thread was ended', async () => {
    const work = workInThreads({ max: 1, grace: 1 });
    const pool = taskPool();
    const error = await pool
      .apply(work.loop, [], { timeout: 20 })
      .results()
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TaskTimedOut);
    expect(error.cause).toMatchObject({
      name: 'WorkerLost',
      message: expect.stringMatching(/^thread-\d+ was ended: loop\(\) did not stop within 1 ms/),
    });
    expect(await work.echo('next')).toBe('next');
  });
});

describe('a thread that dies', () => {
  test('while it runs a call has lost that one alone, and the call may be run again', async () => {
    const work = workInThreads({ max: 1 });
    const pool = taskPool();
    const group = pool.map(work.exit, [3], { retry: { limit: 1, delay: 0 } });
    const next = pool.map(work.echo, ['next']);
    const error = await group.results().catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'WorkerLost', attempts: [expect.anything(), error] });
    expect(error.message).toMatch(/^thread-\d+ exited with code 3 while it ran exit\(\)$/);
    expect(pool.task(0).attempt).toBe(2);
    expect(await next.results()).toEqual(['next']);
  });

  test('of an error that nobody catches says which', async () => {
    const work = workInThreads({ max: 1 });
    await expect(work.crash()).rejects.toMatchObject({
      name: 'WorkerLost',
      message: expect.stringMatching(/crashed while it ran crash\(\): nobody catches this$/),
      cause: expect.objectContaining({ message: 'nobody catches this' }),
    });
  });

  test('of too little memory says so, and the process lives on', async () => {
    const work = workInThreads({ max: 1, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    await expect(work.eat()).rejects.toThrow(/ran out of memory while it ran eat\(\)$/);
    expect(await work.echo('next')).toBe('next');
  });
});

describe('threads', () => {
  test('that are closed finish what they have, and refuse what follows', async () => {
    const work = workInThreads({ max: 1 });
    const calls = [work.echo(1), work.echo(2)];
    await work.close();
    expect(await Promise.all(calls)).toEqual([1, 2]);
    await expect(work.echo(3)).rejects.toMatchObject({ name: 'PoolIsClosed' });
  });

  test('that are closed with a grace end what does not settle', async () => {
    const work = workInThreads({ max: 1, grace: 1 });
    await work.echo(0);
    const looping = work.loop().catch((error) => error);
    await work.close({ grace: 1 });
    expect(await looping).toMatchObject({ name: 'WorkerLost' });
  });

  test.runIf(process.platform === 'linux')('that are closed are gone', async () => {
    const program = builtProgram('test/system/threads/programs/closes.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toBe('2 more, 0 more\n');
  });

  test('that are idle keep no process alive', async () => {
    const program = builtProgram('test/system/threads/programs/ends.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toBe("[ 'done' ]\n");
  });

  test('end when they were idle for long', async () => {
    const work = workInThreads({ max: 1, idleTimeout: 0 });
    const [, first] = await work.where();
    let next = first;
    while (next === first) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      [, next] = await work.where();
    }
    expect(next).not.toBe(first);
  });

  test('refuse invalid options', () => {
    const url = programUrl('work');
    expect(() => threads(url, { max: 0 })).toThrow(RangeError);
    expect(() => threads(url, { min: 3, max: 2 })).toThrow(
      new RangeError('expected min to be up to max = 2, got 3'),
    );
    expect(() => threads(url, { maxThreads: 2 } as never)).toThrow(/max/);
    expect(() => threads('./work.js')).toThrow(/expected the URL of a module/);
  });
});
