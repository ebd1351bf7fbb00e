/** `taskpool journal`: what it shows of a run that is over, and of one that is running. */

import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PoolEvent, replay, type TaskContext, TaskPool } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { openJournal } from '../../../src/cli/journal/open-journal.ts';
import { MAIN } from '../../support/built.ts';
import { type Ended, type RunOptions, taskpool } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { Live } from '../../support/live.ts';

let folder: string;

const WORKER = `
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
export default async (item) => {
  if (item === '2' || item === '4') throw new RangeError('even');
  if (item === 'waits') while (!existsSync('gate')) await delay(10);
  return 'r' + item;
};
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-journal-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  for (const journal of ['run.db', 'run.jsonl']) {
    const args = ['run', '-q', 'worker.mjs', '--journal', journal, '-n', '3'];
    await taskpool(args, { cwd: folder, input: '1\n2\n3\n4\n5\n' });
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const journal = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  taskpool(['journal', ...args], { cwd: folder, ...options });
const lines = (text: string): string[] => text.split('\n').slice(0, -1);

async function shown(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await journal(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

describe.each(['run.db', 'run.jsonl'])('%s', (path) => {
  test('has a summary', async () => {
    const text = await shown(path);
    expect(text).toContain(`${path}, events 0 to `);
    expect(text).toMatch(/^pool +run \(TaskPool\), open, size 3$/m);
    expect(text).toMatch(/^run +\S*\/worker\.mjs#default over stdin$/m);
    expect(text).toMatch(/^tasks +5 created, 3 fulfilled, 2 rejected, 0 cancelled, 0 open$/m);
    expect(text).toMatch(/^items {2}\S*\/worker\.mjs#default {2}exhausted {2}5 of 5 ended$/m);
    expect(text).toMatch(/^ran +median .*, p90 .*, p99 .*, longest .*s$/m);
    expect(text).toMatch(/^2 {6}RangeError: even$/m);
    const data = JSON.parse(await shown(path, '--json')) as object;
    expect(data).toMatchObject({
      status: 'open',
      recoveries: 0,
      totals: { created: 5, fulfilled: 3, rejected: 2, cancelled: 0, open: 0 },
      retries: 0,
      timeouts: { timeout: 0, waitTimeout: 0, deadline: 0 },
      waited: { count: 5 },
      ran: { count: 5 },
      failures: { 'RangeError: even': 2 },
    });
  });

  test('has events, and the state after each', async () => {
    const events = lines(await shown(path, '--events', '--json')).map(
      (line) => JSON.parse(line) as PoolEvent,
    );
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    // The pool stays open for --resume-failed.
    expect(events.at(-1)?.type).not.toBe('pool.closed');
    const text = lines(await shown(path, '--events'));
    expect(text).toHaveLength(events.length);
    expect(text[0]).toMatch(
      /^0 \d{4}-\S+Z pool\.created kind=TaskPool poolSize=3 retain=none uid=[\w-]{22}$/,
    );
    for (const seq of [0, 9, events.length - 1]) {
      const state = JSON.parse(await shown(path, '--at', String(seq), '--json')) as unknown;
      expect(state).toEqual(replay(events, { until: seq }));
    }
    expect(await shown(path, '--at', '9')).toMatch(/^event {2}9\npool {3}run \(TaskPool\), open/);
  });

  test('has the items that failed, which can be fed again, and the results', async () => {
    expect(await shown(path, '--failed')).toBe('2\n4\n');
    expect(JSON.parse(lines(await shown(path, '--failed', '--json'))[0] as string)).toEqual({
      id: 1,
      item: '2',
      outcome: 'rejected',
      error: { name: 'RangeError', message: 'even' },
    });
    expect(await shown(path, '--results')).toBe('"r1"\n"r3"\n"r5"\n');
    expect(lines(await shown(path, '--results', '--json'))[1]).toBe('{"item":"3","result":"r3"}');
  });

  test('can be followed from another process while it is written', async () => {
    await rm(join(folder, 'gate'), { force: true });
    const name = join(await temporaryFolder(), path);
    const main = MAIN;
    const run = new Live(
      process.execPath,
      [main, 'run', '-q', 'worker.mjs', '-n', '2', '--journal', name],
      { cwd: folder },
    );
    run.child.stdin?.write('1\nwaits\n');
    await run.until((it) => it.stdout.includes('r1'));
    const follower = new Live(process.execPath, [main, 'journal', name, '--follow', '--results'], {
      cwd: folder,
    });
    await follower.until((it) => it.stdout === '"r1"\n');
    expect(await shown(name)).toMatch(/^pool +run \(TaskPool\), open/m);
    run.child.stdin?.end('3\n');
    await writeFile(join(folder, 'gate'), '');
    expect(await run.ended).toEqual({ exitCode: 0, signal: null });
    expect(await follower.ended).toEqual({ exitCode: 0, signal: null });
    expect(follower.stdout).toBe('"r1"\n"rwaits"\n"r3"\n');
  });
});

test('items that failed keep the form in which they were given', async () => {
  const command = ['run', '-q', '-e', 'false'];
  const jsonl = [...command, '--jsonl', '--journal', 'values.db'];
  await taskpool(jsonl, { cwd: folder, input: '"a"\n{"b":1}\n' });
  expect(await shown('values.db', '--failed')).toBe('"a"\n{"b":1}\n');
  const named = [...command, '-0', '--journal', 'names.db'];
  await taskpool(named, { cwd: folder, input: 'a\nb\0c\0' });
  expect(await shown('names.db', '--failed')).toBe('a\nb\0c\0');
});

test('the journal of any pool can be looked into', async () => {
  const store = await openJournal(join(folder, 'other.db'), false);
  const fail = async (n: number) => {
    if (n > 1) throw new Error('large');
  };
  const pool = new TaskPool({ name: 'other', journal: store, functions: { fail } });
  pool.map(fail, [0, 1, 2, 3]);
  pool.apply(fail, [7], { num: 2 });
  await pool.gatherAndClose({ returnExceptions: true });
  await store.close();
  expect((await shown('other.db', '--failed')).split('\n').toSorted()).toEqual(
    ['', '2', '3', '[7]', '[7]'].toSorted(),
  );
  expect(await shown('other.db')).toMatch(/^tasks +6 created, 2 fulfilled, 4 rejected/m);
  expect(await shown('other.db', '--results')).toBe('');
});

test('the summary has retries, timeouts and recoveries where there were some', async () => {
  const path = join(folder, 'tried.db');
  const functions = {
    hang: (_: number, { signal }: TaskContext) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const store = await openJournal(path, false);
  const pool = new TaskPool({ journal: store, functions });
  pool.map(functions.hang, [1], {
    timeout: 5,
    retry: { limit: 2, delay: 0 },
    groupName: 'hanging',
  });
  await pool.untilIdle();
  await pool.suspend();
  const again = await openJournal(path, false);
  const next = await recoverTaskPool(again, { functions });
  await next.gatherAndClose({ returnExceptions: true });
  await again.close();
  const text = await shown('tried.db');
  expect(text).toMatch(/^recovered +once, 0 interrupted$/m);
  expect(text).toMatch(/^retries +2$/m);
  expect(text).toMatch(/^timeouts +3 by timeout$/m);
  expect(text).toMatch(/^hanging +hang +exhausted +1 of 1 ended$/m);
});

test('an invalid call says what is wrong', async () => {
  await writeFile(join(folder, 'text'), 'no journal at all');
  for (const [args, code, complaint] of [
    [['none.db'], 2, 'expected a journal that exists, got none.db'],
    [['text'], 2, 'expected a journal, a file of SQLite or a folder of JSONL, got text'],
    [['run.db', '--at', 'x'], 2, 'expected a non-negative integer, got x'],
    [['run.db', '--at', '1000'], 1, 'expected the number of an event up to '],
    [['run.db', '--at', '1', '--events'], 2, 'cannot be used with'],
  ] as const) {
    const { exitCode, stdout, stderr } = await journal(args);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: code,
      stdout: '',
      stderr: expect.stringContaining(complaint),
    });
  }
});

describe('what is no journal is refused in a line', () => {
  test.each([
    [
      'a folder with other things',
      '.',
      2,
      'expected a journal, a file of SQLite or a folder of JSONL',
    ],
    ['a device', '/dev/null', 2, 'expected a journal, a file of SQLite or a folder of JSONL'],
    ['an empty file', 'empty.db', 1, 'expected a journal with events, got none in empty.db'],
    [
      'an empty folder',
      'empty.jsonl',
      1,
      'expected a journal with events, got none in empty.jsonl',
    ],
    ['a database of another program', 'foreign.db', 2, 'got another database'],
  ])('%s', async (_, path, expected, complaint) => {
    await writeFile(join(folder, 'empty.db'), '');
    await mkdir(join(folder, 'empty.jsonl'), { recursive: true });
    await writeForeignDatabase(join(folder, 'foreign.db'));
    const { exitCode, stdout, stderr } = await journal([path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toMatch(/^taskpool: .*\n$/);
    expect(stderr).toContain(complaint);
  });

  test.each([
    ['.', 'expected a journal, a file of SQLite or a folder of JSONL, got .'],
    ['nowhere/run.db', 'expected a folder for the journal, got none'],
  ])('nor is %s written', async (path, complaint) => {
    const args = ['run', '-q', '-e', 'echo', '--journal', path, ':::', 'a'];
    const { exitCode, stdout, stderr } = await taskpool(args, { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

test('a journal of SQLite is one file when the run has ended', () => {
  expect(readdirSync(folder).filter((name) => name.startsWith('run.db'))).toEqual(['run.db']);
});

/** What SQLite keeps of a database with one table that is none of ours. */
async function writeForeignDatabase(path: string): Promise<void> {
  const { default: Libsql } = (await import('libsql')) as unknown as {
    default: new (path: string) => { exec(sql: string): void; close(): void };
  };
  const database = new Libsql(path);
  database.exec('create table if not exists foreign_table (x)');
  database.close();
}
