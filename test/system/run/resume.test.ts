/** Runs with a journal: stopped, cut short or killed, they are resumed where they were. */

import { existsSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { openJournal } from '../../../src/cli/journal/open-journal.ts';
import { MAIN, ROOT } from '../../support/built.ts';
import { type Ended, type RunOptions, taskpool } from '../../support/command-line.ts';
import { isLong } from '../../support/length.ts';
import { Live } from '../../support/live.ts';
import { smallDisk } from '../../support/small-disk.ts';

/** Items of most runs. */
const COUNT = isLong ? 1000 : 100;

let folder: string;
let live: Live | undefined;

const WORKER = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
let begun = 0;
const killed = new Promise(() => {});
/**
 * Leaves a mark for each item that it has worked on, some of them later than others. Of those in the
 * second half none is done while there is a file "hold"; and after KILL_AFTER calls the process is killed.
 */
export default async (item, { signal, attempt }) => {
  if (++begun === Number(process.env.KILL_AFTER)) {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Math.random() * 6);
  }
  if (begun >= Number(process.env.KILL_AFTER)) await killed;
  do await delay(Number(item) % 7, undefined, { signal });
  while (Number(item) > ${COUNT / 2} && existsSync('hold'));
  appendFileSync('effects', item + ' ' + attempt + '\\n');
  if (Number(item) % 50 === 3) throw new Error('three');
  return item;
};
/** The first one waits for a file "gate". */
export const slowHead = async (item, { signal }) => {
  while (item === '1' && !existsSync('gate')) await delay(5, undefined, { signal });
  if (item === '3') throw new Error('three');
  return item;
};
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-resume-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  await writeFile(join(folder, 'items.txt'), numbers(COUNT));
});

afterEach(async () => {
  live?.kill('SIGKILL');
  await live?.ended;
  await rm(folder, { recursive: true });
});

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('');
const lines = (text: string): string[] => text.split('\n').slice(0, -1);
const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');

function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return taskpool(['run', '-q', ...args], { cwd: folder, ...options });
}

function start(args: readonly string[]): Live {
  live = new Live(process.execPath, [MAIN, 'run', '-q', ...args], { cwd: folder });
  return live;
}

async function eventsOf(journal: string): Promise<PoolEvent[]> {
  const store = await openJournal(join(folder, journal), true);
  const events: PoolEvent[] = [];
  for await (const batch of store.read()) events.push(...batch);
  await store.close();
  return events;
}

/** Items that should succeed, in order: all but every fiftieth. */
const expected = lines(numbers(COUNT))
  .filter((n) => Number(n) % 50 !== 3)
  .map((n) => `"${n}"`);

describe.each(['run.db', 'run.jsonl'])('with a journal in %s', (journal) => {
  test('a run that ended says so, and ends as it ended', async () => {
    const args = ['worker.mjs', 'items.txt', '-n', '8'];
    const first = await run([...args, '--journal', journal]);
    expect(first.exitCode).toBe(1);
    expect(lines(first.stdout)).toEqual(expected);
    expect(await run([...args, '--resume', journal])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        `taskpool: this run is finished: ${expected.length} succeeded, ${COUNT / 50} failed, ` +
        '0 cancelled; --resume-failed runs again what failed\n',
    });
    expect(lines(await read('effects'))).toHaveLength(COUNT);
  });

  test('a run that is killed again and again does everything, and nothing twice that had ended', async () => {
    const output = join(folder, 'output');
    const args = [MAIN, 'run', '-q', 'worker.mjs', 'items.txt', '-n', '8'];
    let kills = 0;
    for (let round = 0; ; round++) {
      const flag = round === 0 ? '--journal' : '--resume';
      const calls = Math.ceil(((isLong ? 0.1 : 0.35) + Math.random() / 8) * COUNT);
      live = new Live(process.execPath, [...args, flag, journal], {
        cwd: folder,
        env: { ...process.env, KILL_AFTER: String(calls) },
        stdio: ['ignore', openSync(output, 'a'), 'pipe'],
      });
      const { exitCode } = await live.ended;
      if (exitCode !== null) {
        expect(exitCode).toBe(1);
        break;
      }
      kills++;
    }
    expect(kills).toBeGreaterThan(1);
    // In order, except that what was printed, but not yet in the journal, is printed again.
    const printed = lines(await read('output'));
    expect([...new Set(printed)]).toEqual(expected);
    expect(printed.length - expected.length).toBeLessThan(kills * 300);
    const marks = lines(await read('effects')).map((line) => line.split(' ')[0] as string);
    expect(new Set(marks)).toEqual(new Set(lines(numbers(COUNT))));
    const events = await eventsOf(journal);
    const ended = events.filter(({ type }) => type === 'task.ended');
    expect(ended).toHaveLength(COUNT);
    // Each mark but one was left by an attempt that was interrupted, or whose start was not yet in the
    // journal: of each process that was killed, at most as many as run at a time.
    const interrupted = events.filter(({ type }) => type === 'task.interrupted').length;
    expect(marks.length - COUNT).toBeLessThanOrEqual(interrupted + 8 * kills);
  });

  test.each([
    // What runs comes to its end.
    ['SIGINT', 0, 0],
    // It is aborted, and tried again.
    ['SIGTERM', 1, 8],
  ] as const)(
    'a run that %s stopped is resumed without printing anything twice',
    async (signal, least, most) => {
      const half = expected.slice(0, (COUNT / 2) * (49 / 50));
      await writeFile(join(folder, 'hold'), '');
      const { child } = start(['worker.mjs', 'items.txt', '-n', '8', '--journal', journal]);
      await live?.until((it) => lines(it.stdout).length >= half.length);
      child.kill(signal);
      await live?.until((it) => it.stderr.includes(signal));
      await rm(join(folder, 'hold'));
      expect(await live?.ended).toEqual({ exitCode: null, signal });
      expect(live?.stderr).toContain(`${journal} can be resumed`);
      const rest = await run(['worker.mjs', 'items.txt', '--resume', journal]);
      expect(rest.exitCode).toBe(1);
      expect([...lines(live?.stdout ?? ''), ...lines(rest.stdout)]).toEqual(expected);
      const marks = lines(await read('effects'));
      expect(marks.length).toBe(COUNT);
      const again = marks.filter((mark) => mark.endsWith(' 2'));
      expect(again.length).toBeGreaterThanOrEqual(least);
      expect(again.length).toBeLessThanOrEqual(most);
    },
  );

  test('results that waited for their turn are printed in their turn', async () => {
    await writeFile(join(folder, 'items.txt'), numbers(6));
    const args = ['worker.mjs', '--export', 'slowHead', 'items.txt', '-n', '2'];
    start([...args, '--journal', journal]);
    const isHeld = async () =>
      (await eventsOf(journal).catch(() => [])).filter((it) => it.type === 'task.ended').length ===
      5;
    while (!(await isHeld())) await new Promise((resolve) => setTimeout(resolve, 20));
    live?.kill('SIGKILL');
    await live?.ended;
    expect(live?.stdout).toBe('');
    await writeFile(join(folder, 'gate'), '');
    expect((await run([...args, '--resume', journal])).stdout).toBe('"1"\n"2"\n"4"\n"5"\n"6"\n');
  });
});

describe('to resume', () => {
  /** A run that is stopped after a few items, read from stdin if there are no files. */
  async function stopped(args: readonly string[], input = ''): Promise<string> {
    await writeFile(join(folder, 'hold'), '');
    start([...args, '--journal', 'run.db']);
    live?.child.stdin?.write(input);
    await live?.until((it) => lines(it.stdout).length > 5);
    live?.kill('SIGINT');
    await live?.until((it) => it.stderr.includes('SIGINT'));
    await rm(join(folder, 'hold'));
    await live?.ended;
    return live?.stdout ?? '';
  }

  test('takes no more than the journal, if the input is in files', async () => {
    const first = await stopped(['worker.mjs', 'items.txt', '-n', '3', '--with-item']);
    const { stdout } = await run(['--resume', 'run.db']);
    const printed = lines(first + stdout).map((line) => JSON.parse(line) as { item: string });
    expect(printed.map(({ item }) => `"${item}"`)).toEqual(expected);
  });

  test('takes the same input, if that was stdin', async () => {
    const command = ['-r', '-e', 'echo {}'];
    const first = await stopped(command, numbers(40));
    const { exitCode, stdout } = await run([...command, '--resume', 'run.db'], {
      input: numbers(40),
    });
    expect(exitCode).toBe(0);
    expect(first + stdout).toBe(numbers(40));
  });

  test('another input is refused, with the place where it differs', async () => {
    await stopped(['worker.mjs', 'items.txt']);
    await writeFile(join(folder, 'items.txt'), numbers(COUNT).replace('3\n', 'x\n'));
    expect(await run(['--resume', 'run.db'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'taskpool: expected item 3 to be 3, as in the journal, got x\n',
    });
    await writeFile(join(folder, 'items.txt'), numbers(4));
    expect((await run(['--resume', 'run.db'])).stderr).toBe(
      'taskpool: expected item 5 to be 5, as in the journal, got the end of the input\n',
    );
  });

  test('another run is refused', async () => {
    await stopped(['worker.mjs', 'items.txt']);
    for (const [args, complaint] of [
      [['other.mjs', 'items.txt'], 'worker.mjs#default, as in the journal, got '],
      [['-e', 'echo {}'], 'worker.mjs#default, as in the journal, got echo {}'],
      [['--as-completed'], 'results in order, as in the journal, got --as-completed'],
      [['--jsonl'], 'items as lines, as in the journal, got items as jsonl'],
      [['--raw'], 'as in the journal, got results as {"raw":true,"withItem":false}'],
    ] as const) {
      const { exitCode, stderr } = await run([...args, '--resume', 'run.db']);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining(complaint),
      });
    }
  });

  test('there has to be a journal of a run', async () => {
    await writeFile(join(folder, 'text'), 'no journal');
    for (const [path, complaint] of [
      ['none.db', 'expected a journal to resume, got no file none.db'],
      ['text', 'expected a journal, a file of SQLite or a folder of JSONL, got text'],
    ] as const) {
      const { exitCode, stderr } = await run(['worker.mjs', 'items.txt', '--resume', path]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `taskpool: ${complaint}\n` });
    }
  });

  test('a journal that is empty is begun', async () => {
    await writeFile(join(folder, 'empty.db'), '');
    const { stdout } = await run(['worker.mjs', 'items.txt', '--resume', 'empty.db', '-n', '8']);
    expect(lines(stdout)).toEqual(expected);
  });

  test('unless nothing says what to begin', async () => {
    await writeFile(join(folder, 'empty.db'), '');
    await mkdir(join(folder, 'empty'));
    for (const path of ['empty.db', 'empty']) {
      const { exitCode, stderr } = await run(['--resume', path]);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: `taskpool: expected a journal to resume, got an empty one, ${path}\n`,
      });
    }
  });

  test('a journal that is in use is refused', async () => {
    start(['worker.mjs', '--journal', 'run.db']);
    live?.child.stdin?.write('1\n');
    await live?.until((it) => it.stdout !== '');
    const { exitCode, stderr } = await run(['--resume', 'run.db']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('run.db'),
    });
  });
});

describe('the same command line with --journal', () => {
  test('resumes what was begun', async () => {
    await writeFile(join(folder, 'items.txt'), numbers(40));
    const args = ['-r', '-e', 'echo {}', 'items.txt', '--journal', 'run.db'];
    const first = await run([...args, '--halt', 'now,done=10']);
    const second = await run(args);
    expect(second.exitCode).toBe(0);
    expect(first.stdout + second.stdout).toBe(numbers(40));
  });

  test('says that the run is finished', async () => {
    const args = ['-r', '-e', 'echo {}', '--journal', 'run.db', ':::', 'a', 'b'];
    expect((await run(args)).stdout).toBe('a\nb\n');
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'taskpool: this run is finished: 2 succeeded, 0 failed, 0 cancelled\n',
    });
  });

  test('is refused with another input, also when the run is finished', async () => {
    const args = ['-r', '-e', 'echo {}', '--journal', 'run.db', ':::', 'a', 'b'];
    await run(args);
    expect((await run([...args, 'c'])).stderr).toBe(
      'taskpool: expected the end of the input after 2 items, as in the journal of this finished run, got c\n',
    );
    expect((await run([...args.slice(0, -1), 'x'])).stderr).toBe(
      'taskpool: expected item 2 to be b, as in the journal, got x\n',
    );
  });

  test('finds its files from any folder', async () => {
    await writeFile(join(folder, 'items.txt'), numbers(20));
    const begun = ['worker.mjs', 'items.txt', '--journal', 'run.db', '--halt', 'soon,done=3'];
    const { stdout } = await run(begun);
    const again = await taskpool(['run', '-q', '--resume', join(folder, 'run.db')], {
      cwd: await mkdtemp(join(folder, 'elsewhere-')),
    });
    expect(lines(stdout + again.stdout)).toEqual(expected.slice(0, 19));
  });
});

test('results that cannot be written fail the run, and it can be resumed', async () => {
  await writeFile(join(folder, 'items.txt'), numbers(50));
  const full = new Live(
    process.execPath,
    [MAIN, 'run', '-q', '-r', '-e', 'echo {}', 'items.txt', '--journal', 'run.db'],
    { cwd: folder, stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] },
  );
  expect(await full.ended).toEqual({ exitCode: 1, signal: null });
  expect(full.stderr).toContain('cannot write results: ENOSPC');
  expect((await run(['--resume', 'run.db'])).stdout).toBe(numbers(50));
});

test('a full disk is reported without a stack, and with room on it the run is resumed', async (context) => {
  const disk = await smallDisk('400k');
  if (disk === undefined) return context.skip();
  const journal = join(disk, 'run.jsonl');
  const items = Array.from({ length: 60 }, (_, n) => `${n} ${'x'.repeat(1000)}`);
  await writeFile(join(folder, 'items.txt'), items.join('\n'));
  await writeFile(join(disk, 'filler'), Buffer.alloc(350_000));
  const first = await run(['-q', '-r', '-e', 'echo {}', 'items.txt', '--journal', journal]);
  expect(first).toMatchObject({ exitCode: 1 });
  expect(lines(first.stderr)).toEqual([
    expect.stringMatching(
      /^taskpool: cannot write the journal: expected room .* no further items start/,
    ),
    `taskpool: ${journal} can be resumed`,
  ]);
  await rm(join(disk, 'filler'));
  const rest = await run(['--resume', journal]);
  expect(rest.exitCode).toBe(0);
  expect(new Set(lines(first.stdout + rest.stdout))).toEqual(new Set(items));
});

test('a run can be looked at and changed while it runs', async () => {
  const command = 'echo >> begun; sleep 600; : {}';
  start(['-e', command, 'items.txt', '-n', '1', '--control', 'unix:control.sock']);
  const isReady = async () =>
    existsSync(join(folder, 'control.sock')) && (await read('begun')) !== '';
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 10));
  const control = (...words: string[]) =>
    taskpool(['control', 'unix', 'control.sock', '--', ...words], { cwd: folder });
  expect(await control('pool-size', '20')).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' });
  expect((await control('pool-size')).stdout).toBe('20\n');
  while ((await read('begun')).length < 20) await new Promise((resolve) => setTimeout(resolve, 10));
  await control('cancel-all');
  expect(await live?.ended).toEqual({ exitCode: 1, signal: null });
  expect(live?.stderr).toContain('taskpool: the rest was cancelled');
});

describe('--resume-failed', () => {
  /** Fails for even items, until there is a file "fixed"; the first one of each run may be slow. */
  const FUSSY = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
export default async (item, { index, signal }) => {
  appendFileSync('effects', item + ' ' + index + '\\n');
  while (item === '4' && existsSync('fixed') && !existsSync('gate')) await delay(5, undefined, { signal });
  if (item % 2 === 0 && !existsSync('fixed')) throw new Error('even');
  return item;
};
`;
  const again = (journal: string) => ['--resume', journal, '--resume-failed'];

  beforeEach(async () => {
    await writeFile(join(folder, 'fussy.mjs'), FUSSY);
    await writeFile(join(folder, 'items.txt'), numbers(9));
  });

  async function show(journal: string, ...args: string[]): Promise<string> {
    return (await taskpool(['journal', journal, ...args], { cwd: folder })).stdout;
  }

  test.each([
    ['function', 'run.jsonl'],
    ['command', 'run.db'],
  ])('runs what failed once more, in order: a %s, %s', async (kind, journal) => {
    const work =
      kind === 'function'
        ? ['fussy.mjs']
        : [
            '-e',
            'echo {} $(({#} - 1)) >> effects; echo {}; test -e fixed || test $(({#} % 2)) = 1',
          ];
    const args = ['-r', ...work, 'items.txt', '-n', '4', '--journal', journal];
    expect((await run(args)).exitCode).toBe(1);
    expect(lines(await read('effects'))).toHaveLength(9);
    await rm(join(folder, 'effects'));
    await writeFile(join(folder, 'fixed'), '');
    await writeFile(join(folder, 'gate'), '');
    const second = await taskpool(['run', ...args, '--resume-failed'], { cwd: folder });
    expect(second).toMatchObject({ exitCode: 0, stdout: '2\n4\n6\n8\n' });
    expect(second.stderr).toContain('9 done, 9 succeeded, 0 failed');
    expect(lines(await read('effects')).sort()).toEqual(['2 1', '4 3', '6 5', '8 7']);
    expect(await show(journal, '--results')).toBe(numbers(9));
    expect(await show(journal, '--failed')).toBe('');
    expect(JSON.parse(await show(journal, '--json'))).toMatchObject({
      status: 'closed',
      totals: { created: 9, fulfilled: 9, rejected: 0, cancelled: 0, open: 0 },
      failures: {},
    });
    expect((await run(again(journal))).stderr).toContain(
      'finished: 9 succeeded, 0 failed, 0 cancelled\n',
    );
  });

  test('what fails again can be run again', async () => {
    const journal = 'run.jsonl';
    const args = ['-r', 'fussy.mjs', 'items.txt', '--journal', journal];
    await run(args);
    expect((await run(again(journal))).exitCode).toBe(1);
    expect(await show(journal, '--failed')).toBe('2\n4\n6\n8\n');
    expect((await run(['--resume', journal])).stderr).toContain('5 succeeded, 4 failed');
    await writeFile(join(folder, 'fixed'), '');
    await writeFile(join(folder, 'gate'), '');
    expect(await run(again(journal))).toMatchObject({ exitCode: 0, stdout: '2\n4\n6\n8\n' });
  });

  test('resumes what is left of a run that was halted, in order', async () => {
    const halt = ['--halt', 'soon,done=4', '-n', '1', '--journal', 'run.db'];
    const first = await run(['-r', 'fussy.mjs', 'items.txt', ...halt]);
    expect(first.stdout).toBe('1\n3\n');
    await writeFile(join(folder, 'fixed'), '');
    await writeFile(join(folder, 'gate'), '');
    const dry = await run([...again('run.db'), '--dry-run']);
    expect(lines(dry.stdout)).toHaveLength(7);
    expect(await run(again('run.db'))).toMatchObject({
      exitCode: 0,
      stdout: '2\n4\n5\n6\n7\n8\n9\n',
    });
  });

  test.each([['run.db'], ['run.jsonl', '--resume-failed']])(
    'is resumed after kill -9, %s, by --resume %s',
    async (journal, ...flags) => {
      await run(['-r', 'fussy.mjs', 'items.txt', '--journal', journal]);
      await writeFile(join(folder, 'fixed'), '');
      start(again(journal));
      // The others have ended, and wait for the fourth.
      const isHeld = async () => {
        const events = await eventsOf(journal).catch(() => []);
        return events.filter(({ type }) => type === 'task.ended').length === 12;
      };
      while (!(await isHeld())) await new Promise((resolve) => setTimeout(resolve, 20));
      // What is in the journal is printed, but not at once.
      await live?.until((it) => it.stdout !== '');
      live?.kill('SIGKILL');
      await live?.ended;
      expect(live?.stdout).toBe('2\n');
      expect(await show(journal, '--failed')).toBe('');
      await writeFile(join(folder, 'gate'), '');
      await rm(join(folder, 'effects'));
      expect(await run(['--resume', journal, ...flags])).toMatchObject({
        exitCode: 0,
        stdout: '4\n6\n8\n',
      });
      expect(lines(await read('effects'))).toEqual(['4 3']);
      expect(await show(journal, '--results')).toBe(numbers(9));
    },
  );

  test('whoever follows the journal of a run with failures is not kept waiting', async () => {
    await run(['-r', 'fussy.mjs', 'items.txt', '--journal', 'run.db']);
    expect(lines(await show('run.db', '--failed', '--follow'))).toEqual(['2', '4', '6', '8']);
  });

  test('a journal is needed', async () => {
    const { exitCode, stderr } = await run(['fussy.mjs', 'items.txt', '--resume-failed']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        'taskpool: expected a journal with --resume-failed: --journal or --resume, got none\n',
    });
  });
});

test('a journal of an earlier version is resumed, whose results and failures were reported', async () => {
  const fixture = join(ROOT, 'test/fixtures/journals/run-with-reports.jsonl');
  await cp(fixture, join(folder, 'old.jsonl'), { recursive: true });
  const rest = await run(['--resume', 'old.jsonl', '--timeout', '1h', '--rate', '1000/s']);
  expect(rest).toEqual({ exitCode: 1, stdout: 'out 5\nout 6\n', stderr: 'err 5\nerr 6\n' });
  const again = await run([
    '--resume',
    'old.jsonl',
    '--resume-failed',
    '--retries',
    '1',
    '--retry-delay',
    '0',
  ]);
  expect(again).toMatchObject({ exitCode: 1, stdout: 'out 2\n' });
  const results = await taskpool(['journal', 'old.jsonl', '--results'], { cwd: folder });
  expect(results.stdout).toBe('out 1\nout 2\nout 3\nout 4\nout 5\nout 6\n');
  const types = (await eventsOf('old.jsonl')).map(({ type }) => type);
  expect(types.filter((type) => type === 'task.failed')).toHaveLength(1);
});

test('what waits to be tried again is, by the next process, in its time', async () => {
  const command = 'echo >> tried; test -e fixed && echo {}';
  // Enough that it is not done before it is stopped.
  const options = ['-r', '--retries', '9999', '--retry-delay', '500ms', '--journal', 'run.jsonl'];
  start([...options, '-e', command, ':::', 'a']);
  const isDelayed = async () =>
    (await eventsOf('run.jsonl').catch(() => [])).some(({ type }) => type === 'task.failed');
  while (!(await isDelayed())) await new Promise((resolve) => setTimeout(resolve, 10));
  live?.kill('SIGINT');
  expect(await live?.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
  expect(live?.stderr).not.toContain('failed');
  await writeFile(join(folder, 'fixed'), '');
  expect(await run(['--resume', 'run.jsonl'])).toEqual({ exitCode: 0, stdout: 'a\n', stderr: '' });
  const events = await eventsOf('run.jsonl');
  expect(events.filter(({ type }) => type === 'task.interrupted')).toEqual([]);
  expect(events.find(({ type }) => type === 'task.ended')).toMatchObject({
    value: { output: 'a\n' },
  });
});
