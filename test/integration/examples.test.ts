/** Runs the examples of the documentation as a reader does, and checks what they did. */

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from 'xstate-taskpool/control';
import * as controlServer from '../../examples/control-server.ts';
import * as mapDataIterator from '../../examples/map-data-iterator.ts';
import * as queueWorkers from '../../examples/queue-workers.ts';
import * as regulate from '../../examples/regulate.ts';
import * as simpleTaskPool from '../../examples/simple-task-pool.ts';
import { resultsTable, someFiles } from '../../examples/work.ts';

let printed: string[];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line) => printed.push(String(line)));
});

afterEach(() => vi.restoreAllMocks());

test('queue-workers: five workers share the queues until their group is cancelled', async () => {
  const counts = await queueWorkers.main();

  const files = await someFiles();
  expect(counts).toHaveLength(files.length);
  for (const { file, lines } of counts) {
    expect(files).toContain(file);
    expect(lines).toBe((await readFile(file, 'utf8')).split('\n').length - 1);
  }
  expect(printed).toEqual([
    expect.stringMatching(/^TaskPool-\d+ has started apply-queueWorkerFunction-group-0$/),
    `5 workers have read ${files.length} files and wait for more`,
    '5 workers were cancelled, 0 are running',
  ]);
});

test('map-data-iterator: all data is worked on, five at a time', async () => {
  resultsTable.clear();
  const numsRunning = await mapDataIterator.main();

  expect(resultsTable.size).toBe(40);
  expect(new Set(resultsTable.values()).size).toBe(40);
  expect(numsRunning).toHaveLength(40);
  expect(Math.max(...numsRunning)).toBe(5);
  expect(printed).toEqual([
    'map-anotherWorkerFunction-group-0 has been handed over; 0 tasks have started so far',
    '40 keys derived, 5 at once',
  ]);
});

test('simple-task-pool: starts five, stops all, closes', async () => {
  const { counted, stopped } = await simpleTaskPool.main();

  const { length } = await someFiles();
  expect(counted).toBe(length);
  expect([...stopped].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(printed).toEqual([
    `5 tasks of queueWorkerFunction have read ${length} files`,
    `stopped ${stopped.join(', ')}; 0 are running`,
  ]);
});

test('regulate: the number of workers follows what arrives and what is left', async () => {
  expect(await regulate.main()).toEqual([7, 8, 9, 10, 11, 8, 9]);

  expect(printed).toEqual([
    '10 files came, 2 workers ran, now 7 do',
    '20 files came, 7 workers ran, now 8 do',
    '20 files came, 8 workers ran, now 9 do',
    '20 files came, 9 workers ran, now 10 do',
    '20 files came, 10 workers ran, now 11 do',
    '0 files came, 11 workers ran, now 8 do',
    '5 files came, 8 workers ran, now 9 do',
    '95 files counted; 3 workers failed',
  ]);
});

test('control-server: workers are resized, stopped and closed from outside', async () => {
  const ended = controlServer.main(0);
  await expect.poll(() => printed.length).toBeGreaterThan(0);
  const [, name, host, port] =
    /^(\S+) is controlled on (\S+), port (\d+)$/.exec(printed[0] ?? '') ?? [];

  const client = await connect({ host: String(host), port: Number(port) });
  expect(client.greeting.pool).toBe(name);
  expect(await client.funcName()).toBe('worker');
  for await (const { progress } of client.watch('task.progressed')) {
    expect(progress).toEqual(expect.any(Number));
    break;
  }
  await client.poolSize(4);
  await client.start(3);
  expect([await client.numRunning(), await client.numQueued()]).toEqual([4, 1]);
  expect(await client.stop(1)).toEqual([3]);
  await client.stopAll();
  await client.gatherAndClose();

  const started = await ended;
  expect(started).toBe(6);
  expect(printed[1]).toBe(`${name} was closed; 6 workers had been started`);
  await client.close();
});
