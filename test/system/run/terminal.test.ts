/** What a run shows on a terminal. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Messages } from '../../../src/cli/run/output/messages.ts';
import { showProgress } from '../../../src/cli/run/progress/display.ts';
import { Screen } from '../../../src/cli/run/progress/screen.ts';
import { MAIN } from '../../support/built.ts';
import { Live } from '../../support/live.ts';
import { hasTerminal, Terminal } from '../../support/terminal.ts';
import { hasTool } from '../../support/tools.ts';

const hasScript = hasTool('script');

let folder: string;
let live: Live;

const WORKER = `
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
export default async (item) => {
  if (item === 'fails') throw new Error('no');
  if (item.startsWith('waits')) while (!existsSync('gate')) await delay(10);
  return item;
};
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-terminal-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
});

afterEach(() => live?.kill('SIGKILL'));

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs a command of the shell on a terminal of 80 columns; its output is all in `stdout`. */
function onTerminal(command: string): void {
  const line = `stty cols 80 rows 10; ${command}`;
  live = new Live('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd: folder,
  });
}

const run = (args: string) => `'${process.execPath}' '${MAIN}' run ${args}`;

const ESC = '\u001b';
/** Sequences, line ends and texts. */
const WRITTEN = new RegExp(`${ESC}\\[\\??(\\d*)([A-Za-z])|([\\r\\n])|([^${ESC}\\r\\n]+)`, 'g');

/** What one would see in the end: the cursor goes up, and what is below is drawn over. */
function screenOf(output: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [, count, sequence, end, text] of output.matchAll(WRITTEN)) {
    if (sequence === 'A') row -= Number(count);
    else if (sequence === 'J') lines.splice(row, Number.POSITIVE_INFINITY, '');
    else if (sequence === 'K' && count === '2') lines[row] = '';
    else if (end === '\n') lines[++row] ??= '';
    // Texts replace whole lines: the rest of one is cleared wherever it is drawn.
    else if (text !== undefined) lines[row] = text;
  }
  return lines;
}

test.skipIf(!hasScript)('progress is drawn in place, below results and failures', async () => {
  const items = ['fails', 'a', 'waits long', 'b', `waits ${'x'.repeat(120)}`];
  await rm(join(folder, 'gate'), { force: true });
  await writeFile(join(folder, 'items.txt'), items.join('\n'));
  onTerminal(run('worker.mjs items.txt -n 5 --as-completed'));
  // A terminal passes on what is written piece by piece.
  const drawn = ({ stdout }: Live) => screenOf(stdout.slice(0, stdout.lastIndexOf('\n') + 1));
  await live.until((it) => / [1-9]\d*(?:\.\d)? s {2}waits x+…$/.test(drawn(it)[5] ?? ''));
  const screen = drawn(live);
  expect(screen.slice(0, 3).toSorted()).toEqual(['"a"', '"b"', 'taskpool: failed: fails: no']);
  expect(screen[3]).toMatch(/^\[#{14}-{10}\] 3 of 5 done {2}2 running {2}1 failed/);
  expect(screen[4]).toMatch(/^ +[1-9]\d*(?:\.\d)? s {2}waits long$/);
  expect(screen[5]).toMatch(/^ +[1-9]\d*(?:\.\d)? s {2}waits x+…$/);
  expect(screen[5]).toHaveLength(79);
  await writeFile(join(folder, 'gate'), '');
  expect(await live.ended).toMatchObject({ exitCode: 1 });
  expect(screenOf(live.stdout).at(-2)).toMatch(/^taskpool: 5 done, 4 succeeded, 1 failed, in /);
  expect(screenOf(live.stdout).filter((line) => line.includes('[#'))).toEqual([]);
});

test.skipIf(!hasScript)('is drawn ten times a second at the most', async () => {
  await rm(join(folder, 'gate'), { force: true });
  await writeFile(join(folder, 'items.txt'), 'a\nwaits\nb\n');
  const started = performance.now();
  onTerminal(run('worker.mjs items.txt -n 3'));
  // What was drawn may come late, and then all at once: only from the start on is the time known to be enough.
  await live.until((it) => it.stdout.split('running').length > 20);
  expect(performance.now() - started).toBeGreaterThan(1900);
});

test.skipIf(!hasTerminal).concurrent.each([20, 31, 80])(
  'progress stays in place on %d columns, whatever the width of what is in it',
  async (width) => {
    const wide = [
      '漢字かな交じり文'.repeat(6),
      '👩‍👩‍👧‍👦🇩🇪👍🏽é한글'.repeat(5),
      'ｆｕｌｌ　ｗｉｄｔｈ'.repeat(4),
    ];
    const args = ['run', '-n3', '-e', ': {}; sleep 30', ':::', ...wide];
    await using terminal = await Terminal.run([process.execPath, MAIN, ...args], {
      width,
      // Without one, tmux takes what is wide for dots.
      env: { LC_ALL: 'C.UTF-8' },
    });
    await terminal.shows(/ (?:[1-9]\.[3-9]|\d\d) s/);
    // All of it, since it may be looked at while it is drawn.
    await terminal.shows(
      /^[^\n]*0 of 3[^\n]*\n[^\n]* (?:[2-9]\.[3-9]|\d\d) s {2}漢[^\n]*\n[^\n]*s {2}👩[^\n]*\n[^\n]*s {2}ｆ[^\n]*$/,
    );
    await terminal.resize(width - 8);
    await terminal.shows(/^(?:[^\n]*\n){2,3}[^\n]* (?:[3-9]\.[3-9]|\d\d) s[^\n]*(?:\n[^\n]*)?$/, {
      visible: true,
    });
  },
);

test('a terminal that does not know its size, as in some containers, counts as one of 80 columns', () => {
  let written = '';
  const write = (text: string) => (written += text);
  const screen = new Screen({ columns: 0, rows: 0, write } as unknown as WriteStream);
  expect(screen.width).toBe(79);
  screen.draw(['x'.repeat(100), 'second']);
  written = '';
  screen.above(() => write('above\n'));
  screen.draw(['again']);
  expect(screenOf(`${'x'.repeat(79)}\nsecond\n${written}`)).toEqual(['above', 'again', '']);
});

test('elsewhere there is a line every ten seconds, with the time left unless the run stops early', async () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const messages = { say: (text: string) => said.push(text) } as unknown as Messages;
  const standing = {
    failed: 0,
    cancelled: 0,
    running: 2,
    aborted: 0,
    retries: 0,
    delayed: 0,
    slowest: [],
  };
  const started = Date.now();
  const hide = showProgress(
    async () => ({
      ...standing,
      succeeded: 50,
      perSecond: said.length === 0 ? 5 : 2.5,
      total: said.length === 0 ? undefined : 100,
      heldBackBy: said.length === 1 ? 'waiting for --rate' : undefined,
      isStopping: said.length === 2,
      elapsed: Date.now() - started,
    }),
    messages,
    undefined,
  );
  await vi.advanceTimersByTimeAsync(39_000);
  hide();
  vi.useRealTimers();
  expect(said).toEqual([
    '50 done, 2 running, 5.0/s, after 10 s',
    '50 of 100 done, 2 running, waiting for --rate, 2.5/s, 20 s left',
    '50 of 100 done, 2 running, stopping, 2.5/s, after 30 s',
  ]);
});

test.skipIf(!hasScript)('Ctrl-C is for the run, not for its commands', async () => {
  for (const left of ['gate', 'begun']) await rm(join(folder, left), { force: true });
  await writeFile(join(folder, 'items.txt'), 'a\nwaits\nb\n');
  const command = 'echo >> begun; while [ ! -e gate ]; do sleep 0.05; done; echo done {}';
  onTerminal(run(`-r -n 2 -e '${command}' items.txt`));
  const begun = () => readFile(join(folder, 'begun'), 'utf8').catch(() => '');
  while ((await begun()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  live.child.stdin?.write('\x03');
  await live.until((it) => it.stdout.includes('SIGINT: no further items start; waiting for 2'));
  await writeFile(join(folder, 'gate'), '');
  expect(await live.ended).toMatchObject({ exitCode: 130 });
  expect(live.stdout).toContain('done a\r\n');
  expect(live.stdout).toContain('done waits\r\n');
  expect(live.stdout).not.toContain('done b');
});

test.skipIf(!hasScript)('what a terminal would obey in an item is written out there', async () => {
  const item = `x${ESC}[31m\u009b\u202e`;
  await writeFile(join(folder, 'hostile'), `${item}\n`);
  const journal = `'${process.execPath}' '${MAIN}' journal hostile.db --failed`;
  const commands = [
    run(`-q -r -e 'false {}' --journal hostile.db hostile 2> /dev/null`),
    run(`--dry-run -e 'echo {}' hostile`),
    run('--dry-run worker.mjs hostile'),
    run(`-q --tag -e 'echo tagged; : {}' hostile`),
    run(`-q --line-buffer --tag -e 'echo tagged; : {}' hostile`),
    journal,
    // Nobody obeys it there.
    `${journal} > again; cmp again hostile && echo same`,
  ];
  onTerminal(commands.join('; '));
  await live.ended;
  const shown = String.raw`x\x1b[31m\x9b\u202e`;
  expect(live.stdout.split('\r\n')).toEqual([
    `echo '${shown}'`,
    String.raw`default("x\u001b[31m\u009b\u202e")`,
    `${shown}\ttagged`,
    `${shown}\ttagged`,
    shown,
    'same',
    '',
  ]);
});
