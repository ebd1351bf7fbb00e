/** When items start: rates, keys, pauses, and what the machine has room for. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { parseLoad } from '../../../src/cli/run/arguments/loads.ts';
import { parseRate } from '../../../src/cli/run/arguments/rates.ts';
import { parseSize } from '../../../src/cli/run/arguments/sizes.ts';
import { parseKey } from '../../../src/cli/run/exec/key-template.ts';
import { machineRules } from '../../../src/cli/run/terms/machine.ts';
import { MAIN } from '../../support/built.ts';
import { taskpool } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { Live } from '../../support/live.ts';

let folder: string;
let live: Live | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  live?.kill('SIGKILL');
  await live?.ended;
});

const run = (...args: string[]) => taskpool(['run', '-q', '-r', ...args], { cwd: folder });
const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');

function start(...args: string[]): Live {
  live = new Live(process.execPath, [MAIN, 'run', '-q', '-r', ...args], { cwd: folder });
  return live;
}

const control = (...words: string[]) =>
  taskpool(['control', 'unix', 'socket', '--', ...words], { cwd: folder });

/** When tasks have started, by a journal. */
async function startsIn(journal: string): Promise<number[]> {
  const { stdout } = await taskpool(['journal', journal, '--events', '--json'], { cwd: folder });
  const events = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PoolEvent);
  return events.filter(({ type }) => type === 'task.started').map(({ at }) => at);
}

/** The shortest time in which so many starts follow each other. */
const shortest = (starts: readonly number[], count: number) =>
  Math.min(...starts.slice(count).map((at, index) => at - (starts[index] ?? 0)));

const SIX = [':::', '1', '2', '3', '4', '5', '6'];

describe('how many start in a time', () => {
  test('--rate: no window holds more', async () => {
    const ended = await run(
      '--rate',
      '2/200ms',
      '-n',
      '6',
      '--journal',
      'rate.db',
      '-e',
      'echo',
      ...SIX,
    );
    expect(ended).toEqual({ exitCode: 0, stdout: '1\n2\n3\n4\n5\n6\n', stderr: '' });
    const starts = await startsIn('rate.db');
    expect(starts).toHaveLength(6);
    // Times are whole milliseconds.
    expect(shortest(starts, 2)).toBeGreaterThanOrEqual(199);
  });

  test('--delay: one after the other', async () => {
    expect(
      await run('--delay', '50ms', '-n', '6', '--journal', 'delay.db', '-e', 'echo', ...SIX),
    ).toMatchObject({
      exitCode: 0,
    });
    expect(shortest(await startsIn('delay.db'), 1)).toBeGreaterThanOrEqual(49);
  });

  test('a run that is resumed keeps to it, and to its retries', async () => {
    const command = 'test -e fixed; echo {}';
    const options = ['--rate', '2/200ms', '--retries', '1', '--retry-delay', '0', '-n', '6'];
    await run(...options, '--halt', 'soon,done=2', '--journal', 'again.db', '-e', command, ...SIX);
    const { exitCode } = await run('--resume', 'again.db');
    expect(exitCode).toBe(0);
    expect(shortest(await startsIn('again.db'), 2)).toBeGreaterThanOrEqual(199);
  });

  test('may be changed while it runs', async () => {
    start('--rate', '1/h', '--control', 'unix:socket', '-e', 'echo {}', ...SIX);
    await live?.until((it) => it.stdout === '1\n');
    // It listens, but maybe not yet.
    let explained = '';
    while (explained === '') explained = (await control('explain', 'items')).stdout;
    expect(explained).toContain("waits: limit 'rate' allows 1 start in 3600000 ms");
    expect((await control('limit', 'rate', '--rate', 'none')).exitCode).toBe(0);
    expect(await live?.ended).toEqual({ exitCode: 0, signal: null });
    expect(live?.stdout).toBe('1\n2\n3\n4\n5\n6\n');
  });
});

describe('--key', () => {
  test('so many with the same key at once; others go past them', async () => {
    // The first of `a` waits for the one of `b`, which comes after the second of `a`.
    const command =
      'echo {} >> begun; if [ {} = a/1 ]; then until [ -e b ]; do sleep 0.05; done; fi; ' +
      'if [ {} = b/1 ]; then touch b; fi; echo {}';
    const items = [':::', 'a/1', 'a/2', 'b/1'];
    const ended = await run('-n', '3', '--key', '{//}', '--per-key', '1', '-e', command, ...items);
    expect(ended).toEqual({ exitCode: 0, stdout: 'a/1\na/2\nb/1\n', stderr: '' });
    const [one, other, last] = (await read('begun')).split('\n');
    expect([[one, other].toSorted(), last]).toEqual([['a/1', 'b/1'], 'a/2']);
  });

  test('also of items that are run again', async () => {
    await writeFile(join(folder, 'keyed.mjs'), KEYED);
    const args = ['keyed.mjs', '--key', '{}', '--journal', 'keyed.db'];
    expect((await run(...args, ':::', 'a', 'a')).exitCode).toBe(1);
    await writeFile(join(folder, 'fixed'), '');
    expect(await run('--resume', 'keyed.db', '--resume-failed')).toMatchObject({
      exitCode: 0,
      stdout: 'a\na\n',
    });
  });

  test('is made of the item like the words of a command', () => {
    const keyOf = (template: string, item: unknown, hasLists = false) =>
      parseKey(template, hasLists)(item);
    expect(keyOf('{//}', 'x/y/z.txt')).toBe('x/y');
    expect(keyOf('of {.}: {}', 'a.b')).toBe('of a: a.b');
    expect(keyOf('{2}', ['a', 'b'], true)).toBe('b');
    expect(keyOf('{}', ['a', 'b'], true)).toBe('a b');
    expect(keyOf('{}', { a: 1 })).toBe('{"a":1}');
  });
});

const KEYED = `
import { existsSync } from 'node:fs';
let running = 0;
export default async (item) => {
  if (!existsSync('fixed')) throw new Error('broken');
  if (running++ > 0) throw new Error('two at once');
  await new Promise((resolve) => setTimeout(resolve, 20));
  running--;
  return item;
};
`;

describe('--deadline', () => {
  test('ends an item that is not done in time, whatever its retries', async () => {
    const options = ['--deadline', '300ms', '--retries', '100', '--retry-delay', '10ms'];
    const { exitCode, stderr } = await run(...options, '-e', 'sleep 60 # {}', ':::', 'x');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        'taskpool: failed: x: TimeoutError: was not done 0.3 s after it was taken from the input\n',
    });
  });

  test('ends one that waits to be tried again, with what it has printed', async () => {
    const options = ['--deadline', '5s', '--retries', '3', '--retry-delay', '1h'];
    const ended = await run(...options, '-e', 'echo tried {}; exit 3', ':::', 'x');
    expect(ended).toEqual({
      exitCode: 1,
      stdout: 'tried x\n',
      stderr: 'taskpool: failed: x: exit code 3\n',
    });
  });
});

describe('what the machine has room for', () => {
  test('nothing starts without enough memory, which control says', async () => {
    start('--memfree', '900T', '--control', 'unix:socket', '-e', 'echo', ...SIX);
    let explained = '';
    while (!explained.includes("limit 'memory'")) {
      explained = (await control('explain', 'items')).stdout;
    }
    live?.kill('SIGINT');
    expect(await live?.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live?.stdout).toBe('');
  });

  test('with enough of it, and little to do, all start', async () => {
    const args = ['--memfree', '1k', '--load', '100000', '-e', 'echo', ...SIX];
    expect(await run(...args)).toMatchObject({ exitCode: 0, stdout: '1\n2\n3\n4\n5\n6\n' });
  });

  test('limits follow it', () => {
    const machine = { loadavg: () => [0], freemem: () => 1000 };
    const [load, memory] = machineRules({ load: 2, memfree: 500 }, machine);
    expect([load?.limit, load?.allows(), memory?.limit, memory?.allows()]).toEqual([
      'load',
      {},
      'memory',
      {},
    ]);
    machine.loadavg = () => [2];
    machine.freemem = () => 499;
    expect([load?.allows(), memory?.allows()]).toEqual([{ concurrent: 0 }, { concurrent: 0 }]);
    expect(machineRules({}, machine)).toEqual([]);
  });
});

test.each([
  ['10/s', { max: 10, per: 1000 }],
  ['600/m', { max: 600, per: 60_000 }],
  ['5/h', { max: 5, per: 3_600_000 }],
  ['100/1.5s', { max: 100, per: 1500 }],
  ['1/20ms', { max: 1, per: 20 }],
])('--rate %s', (text, rate) => {
  expect(parseRate(text)).toEqual(rate);
});

test.each([
  ['1000', 1000],
  ['1k', 1000],
  ['1K', 1024],
  ['1.5M', 1.5 * 1024 ** 2],
  ['2g', 2e9],
  ['1T', 1024 ** 4],
])('--memfree %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  ['4', 4],
  ['0', 0.01],
  ['1.5', 1.5],
  ['80%', 3.2],
  ['+2', 6],
  ['-1', 3],
  ['-9', 0.01],
])('--load %s is %d with four cores', (text, load) => {
  expect(parseLoad(text, 4)).toBeCloseTo(load);
});

describe('an invalid command line is refused in a line', () => {
  test.each([
    [
      ['--rate', '10'],
      'expected a number of starts in a time, such as 10/s, 600/m or 100/15s, got 10',
    ],
    [['--rate', '0/s'], 'got 0/s'],
    [['--deadline', 'soon'], 'such as 500ms, 30s or 2m, got soon'],
    [['--key', 'x'], 'expected a key with placeholders for the item, such as {//} or {1}, got x'],
    [['--key', '{#}'], 'got {#}'],
    [['--per-key', '2'], 'expected --key with --per-key, such as {//}, got none'],
    [['--per-key', '0', '--key', '{}'], 'expected a positive integer, got 0'],
    [['--load', '-x'], 'expected a load, such as 4, 1.5, 80% or -1 (of the cores), got -x'],
    [['--memfree', 'much'], 'expected a size, such as 500M or 2G, got much'],
  ])('%j', async (args, complaint) => {
    const { exitCode, stdout, stderr } = await run(...args, '-e', 'echo', ':::', 'a');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/^taskpool: .*\n(?:\(--help lists commands and options\)\n)?$/);
  });
});
