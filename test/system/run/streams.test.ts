/** Long inputs, slow readers, and readers that leave. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HELD_ITEMS } from '../../../src/cli/run/output/order.ts';
import { MAIN } from '../../support/built.ts';
import { isLong } from '../../support/length.ts';
import { Live } from '../../support/live.ts';

let folder: string;

const WORKER = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
export default (item) => item;
/** The first one waits for a file "gate"; the others tell how many of them were called. */
let called = 0;
export const slowHead = async (item, { index }) => {
  called++;
  if (index > 0) return item;
  while (!existsSync('gate')) { await delay(20); writeFileSync('called', String(called)); }
  return item;
};
export const loud = (item, { index, log }) => { if (index === 0) log('begun'); return item; };
process.on('exit', () => writeFileSync('peak', String(peak())));
/** In kilobytes. On Linux \`maxRSS\` is never less than the memory of the parent process. */
function peak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-streams-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const args = (...rest: string[]) => [MAIN, 'run', '-q', 'worker.mjs', ...rest];

/** Long enough that a few of them fill pipes and buffers. */
const LONG = 1000;

function* numbers(count: number, width = 0): Generator<string> {
  for (let first = 0; first < count; first += 1000) {
    let text = '';
    for (let i = first; i < Math.min(count, first + 1000); i++)
      text += `${String(i).padEnd(width)}\n`;
    yield text;
  }
}

/** A stream that makes no more of them than are read. */
const chunks = (texts: Iterable<string>) => Readable.from(texts, { highWaterMark: 1 });

const LINES = isLong ? 1_000_000 : 40_000;
/** Megabytes of heap. Newer Nodes need more of it to begin with. */
const HEAP = isLong ? 64 : Number.parseInt(process.versions.node, 10) < 22 ? 18 : 28;

test(`${LINES} lines go through in constant memory`, async () => {
  const count = LINES;
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP}`, ...args('-r')], {
    cwd: folder,
    stdio: 'pipe',
  });
  let lines = 0;
  let last = '';
  child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) lines++;
    last = (last + chunk.toString()).slice(-12);
  });
  await Promise.all([pipeline(Readable.from(numbers(count)), child.stdin), once(child, 'close')]);
  // Something kept of each line, however little, would not have fitted.
  expect({ lines, last }).toEqual({
    lines: count,
    last: `${count - 2}\n${count - 1}\n`.slice(-12),
  });
  const peak = Number(await readFile(join(folder, 'peak'), 'utf8')) / 1024;
  expect(peak).toBeLessThan(256);
});

test('while the first one is not done, only so many others are begun', async () => {
  const live = new Live(process.execPath, args('-r', '-n', '4', '--export', 'slowHead'), {
    cwd: folder,
  });
  const items = HELD_ITEMS + 2000;
  const fed = pipeline(Readable.from(numbers(items)), live.child.stdin as never);
  const called = async (): Promise<number> => {
    const text = await readFile(join(folder, 'called'), 'utf8').catch(() => '0');
    // Empty is a file that is just being written again.
    return text === '' ? called() : Number(text);
  };
  while ((await called()) < HELD_ITEMS) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = await called();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await called()).toBe(before);
  expect(before).toBe(HELD_ITEMS);
  expect(live.stdout).toBe('');
  await writeFile(join(folder, 'gate'), '');
  expect(await live.ended).toEqual({ exitCode: 0, signal: null });
  await fed;
  expect(live.stdout).toBe([...numbers(items)].join(''));
});

test('a reader that does not read holds up neither signals nor the event loop', async () => {
  const child = spawn(process.execPath, args('-r', '--export', 'loud'), {
    cwd: folder,
    stdio: 'pipe',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    child.emit('said');
  });
  const says = async (text: string) => {
    while (!stderr.includes(text)) await once(child, 'said');
  };
  // More than pipes and buffers hold: it comes to a standstill in the middle.
  let given = 0;
  child.stdin.on('error', () => {});
  const source = chunks(numbers(3_000_000, LONG)).on('data', () => given++);
  source.pipe(child.stdin);
  await says('begun');
  for (let before = -1; before !== given; ) {
    before = given;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(given).toBeLessThan(3000);
  child.kill('SIGINT');
  await says('SIGINT');
  child.stdout.resume();
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGINT');
});

test('a reader that leaves ends the run quietly, as SIGPIPE does', async () => {
  const child = spawn(process.execPath, args('-r'), { cwd: folder, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  chunks(numbers(3_000_000, LONG)).pipe(child.stdin);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  expect(first.toString()).toMatch(/^0 *\n/);
  child.stdout.destroy();
  const [exitCode] = await once(child, 'exit');
  expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
});
