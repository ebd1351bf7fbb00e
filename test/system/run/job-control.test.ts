/** Ctrl-Z, Ctrl-C and the terminal itself, in a shell on a real terminal. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { RunningTime } from '../../../src/cli/run/items/running-time.ts';
import { MAIN } from '../../support/built.ts';
import { hasTerminal, Terminal } from '../../support/terminal.ts';

/** The timeout of a command that is stopped meanwhile: longer than it takes to stop it. */
const SECONDS = [3, 10, 40];

let folder: string;
let terminal: Terminal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-jobs-'));
  await writeFile(join(folder, 'run'), `exec ${process.execPath} ${MAIN} run "$@"\n`);
  if (!hasTerminal) return;
  terminal = await Terminal.run(['sh', '-c', `cd ${folder} && exec bash --norc`]);
  await prompt();
});

/** Waits for the prompt of the shell: what is typed while it changes the mode of the terminal may never be a line. */
async function prompt(): Promise<void> {
  await terminal.shows(/[$#]$/);
}

afterEach(async () => {
  await terminal?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Looks again and again until there is what is looked for; gives up after a minute, with the screen. */
async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const giveUp = Date.now() + 60_000; Date.now() < giveUp; await delay(10)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`expected ${what}, got this screen:\n${await terminal.screen()}`);
}

/** Waits until a file in the folder has so many lines, and gives them. */
async function untilLines(name: string, count: number): Promise<string[]> {
  return until(async () => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const lines = text.split('\n').slice(0, -1);
    return lines.length >= count ? lines : undefined;
  }, `${count} lines in ${name}`);
}

/** `R` for running or `S` for waiting; `T` if it is stopped, `Z` if it has ended. */
async function stateOf(pid: string): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => 'State: Z');
  return /^State:\s+(\S)/m.exec(status)?.[1] ?? '';
}

/** Waits until a process is in one of some states, and says in which. */
async function untilState(pid: string, states: string): Promise<string> {
  return until(async () => {
    const state = await stateOf(pid);
    return states.includes(state) ? state : undefined;
  }, `process ${pid} to be in one of the states ${states}`);
}

test.skipIf(!hasTerminal)('Ctrl-Z stops commands too, and the time of their timeouts', async () => {
  await writeFile(join(folder, 'items'), 'a\n');
  const command = 'echo $$ > pid; while [ ! -e gate ]; do sleep 0.05; done; echo {} is done';
  /** A run that is stopped, and the process of its command; undefined if that has not been stopped in time. */
  const stopped = async (seconds: number): Promise<string | undefined> => {
    for (const left of ['pid', 'gate']) await rm(join(folder, left), { force: true });
    await prompt();
    await terminal.enter('clear');
    await terminal.shows(/^\S*[$#]$/);
    await terminal.enter(`sh run -q -r --timeout ${seconds}s -e '${command}' items; echo ended`);
    const [pid = ''] = await untilLines('pid', 1);
    await terminal.press('C-z');
    const screen = await terminal.shows(/Stopped|took longer/);
    if (screen.includes('took longer')) return undefined;
    await prompt();
    if ((await untilState(pid, 'TZ')) === 'T') return pid;
    await terminal.enter('fg');
    return undefined;
  };
  // A busy machine takes longer to stop it, or has little time left when it continues.
  for (const seconds of SECONDS) {
    const pid = await stopped(seconds);
    if (pid === undefined) continue;
    // As long as it may take, while it does not run.
    await delay(seconds * 1000 + 100);
    await terminal.enter('fg');
    await untilState(pid, 'RSZ');
    await writeFile(join(folder, 'gate'), '');
    const screen = await terminal.shows(/^a is done$|took longer/m);
    if (!screen.includes('took longer')) return;
  }
  throw new Error('expected it to be stopped in time');
});

test.skipIf(!hasTerminal)(
  'Ctrl-C during the last item ends the script that the run is in',
  async () => {
    await writeFile(join(folder, 'items'), 'a\n');
    const command = 'echo > begun; while [ ! -e gate ]; do sleep 0.05; done; echo {} is done';
    const script = `sh run -q -r -e '${command}' items\necho the script goes on\n`;
    await writeFile(join(folder, 'script'), script);
    await terminal.enter('bash script');
    await untilLines('begun', 1);
    await terminal.press('C-c');
    await terminal.shows('waiting for 1');
    await writeFile(join(folder, 'gate'), '');
    await terminal.shows(/^a is done$/m);
    await prompt();
    await terminal.enter('echo the status is $?');
    const screen = await terminal.shows(/^the status is \d+$/m);
    expect(screen).toMatch(/^the status is 130$/m);
    expect(screen).not.toMatch(/^the script goes on$/m);
  },
);

test.skipIf(!hasTerminal)('with --tty commands have the terminal, one at a time', async () => {
  const command = 'echo "word for {}?"; read word && test -t 1 && echo "for {}: $word"';
  await terminal.enter(`printf 'a\\nb\\n' | sh run --tty -e '${command}'; echo ended $?`);
  await terminal.shows(/^word for a\?$/m);
  await terminal.enter('one');
  await terminal.shows(/^for a: one$/m);
  await terminal.shows(/^word for b\?$/m);
  await terminal.enter('two');
  await terminal.shows(/^for b: two$/m);
  await terminal.shows(/^ended 0$/m);
});

test('by the clock of a run a timeout counts no time for which the run is stopped', async () => {
  vi.useFakeTimers();
  try {
    const time = new RunningTime();
    const pool = new TaskPool({ clock: time });
    pool.map(() => new Promise(() => {}), ['a'], { timeout: 1000 });
    await vi.advanceTimersByTimeAsync(600);
    time.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    time.continue();
    await vi.advanceTimersByTimeAsync(399);
    expect(pool.task(0).state).toBe('running');
    await vi.advanceTimersByTimeAsync(1);
    expect(pool.task(0).state).toBe('timedOut');
  } finally {
    vi.useRealTimers();
  }
});
