/** `taskpool control` at a real terminal. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAIN } from '../../../support/built.ts';
import { closeServers, serveTcp, temporaryFolder } from '../../../support/control/served.ts';
import { simplePool, taskPool, untilAborted } from '../../../support/pools.ts';
import { hasTerminal, Terminal, type TerminalOptions } from '../../../support/terminal.ts';

const ESCAPE = '\u001b';
/** It waits for a line. */
const PROMPT = /^\w+-\w+>$/m;

let state: string;
const terminals: Terminal[] = [];

beforeEach(async ({ skip }) => {
  skip(!hasTerminal, 'there is no tmux');
  state = await temporaryFolder();
});

afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal[Symbol.asyncDispose]();
  await closeServers();
});

/** Starts `taskpool ARGS` at a terminal. */
async function open(args: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
  const env = { XDG_STATE_HOME: state, ...options.env };
  const command = [process.execPath, MAIN, ...args];
  const terminal = await Terminal.run(command, { ...options, env });
  terminals.push(terminal);
  return terminal;
}

describe('a conversation', () => {
  test('begins with a greeting, has answers, and ends with Ctrl-D', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    const { port, args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(/^SimpleTaskPool-mine>$/m);
    await terminal.enter('pool-size 3');
    await terminal.shows(/^ok$/m);
    await terminal.enter('start 5');
    await terminal.shows(/^start-group-0$/m);
    expect(pool.numRunning).toBe(3);
    await terminal.enter('start many');
    await terminal.shows(/expected N to be a non-negative integer/);
    await terminal.press('C-d');
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.screen();
    expect(screen.split('\n').slice(0, 7)).toEqual([
      `Connected to SimpleTaskPool-mine at 127.0.0.1:${port}.`,
      'help lists the commands, Tab completes, Ctrl-D leaves.',
      'SimpleTaskPool-mine> pool-size 3',
      'ok',
      'SimpleTaskPool-mine> start 5',
      'start-group-0',
      'SimpleTaskPool-mine> start many',
    ]);
  });

  test('ends with exit', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('exit');
    expect(await terminal.exitCode()).toBe(0);
  });

  test('is laid out for the width of the terminal', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const terminal = await open(args, { width: 60, height: 100 });
    await terminal.enter('help');
    const screen = await terminal.shows(/until-closed/);
    expect(Math.max(...screen.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(60);
  });

  test('turns to another pool', async () => {
    const other = taskPool({ name: 'other' });
    const { args } = await serveTcp(simplePool(untilAborted, [], { name: 'mine' }), {
      pools: [other],
    });
    const terminal = await open(args);
    await terminal.shows('one of 2 pools');
    await terminal.enter('use other');
    await terminal.shows(/^TaskPool-other>$/m);
    await terminal.enter('lock');
    await terminal.shows(/> lock\nok/);
    expect(other.isLocked).toBe(true);
  });

  test('has colours, unless NO_COLOR says otherwise', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const coloured = await open(args);
    await coloured.enter('frob');
    await coloured.shows("'frob'");
    expect(await coloured.screen({ escapes: true })).toContain(`${ESCAPE}[31mexpected a command`);
    const plain = await open(args, { env: { NO_COLOR: '1' } });
    await plain.enter('frob');
    await plain.shows("'frob'");
    expect(await plain.screen({ escapes: true })).not.toContain(ESCAPE);
  });
});

describe('Tab', () => {
  test('completes commands, groups and functions', async () => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { groupName: 'reading' });
    const { args } = await serveTcp(pool, { functions: { fetchPage: untilAborted } });
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.type('cancel-g');
    await terminal.press('Tab');
    await terminal.shows('> cancel-group');
    await terminal.type('rea');
    await terminal.press('Tab');
    await terminal.shows('> cancel-group reading');
    await terminal.press('Enter');
    await terminal.shows(/reading\nok/);
    await terminal.type('app');
    await terminal.press('Tab');
    await terminal.shows('> apply');
    await terminal.type('f');
    await terminal.press('Tab');
    await terminal.shows('> apply fetchPage');
  });

  test('lists what may come', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.type('num-');
    await terminal.press('Tab', 'Tab');
    await terminal.shows(/num-cancelled +num-concurrent +num-delayed[\s\S]*> num-$/);
  });
});

describe('history', () => {
  test('is there the next time, for its owner only', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const first = await open(args);
    await first.shows(PROMPT);
    await first.enter('pool-size 7');
    await first.shows(/^ok$/m);
    await first.enter(' num-queued');
    await first.shows(/^0$/m);
    await first.press('C-d');
    await first.exitCode();

    const file = join(state, 'taskpool', 'history');
    // What begins with a space is not kept.
    expect(await readFile(file, 'utf8')).toBe('pool-size 7\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const second = await open(args);
    await second.shows(PROMPT);
    await second.press('Up');
    await second.shows('> pool-size 7');
  });

  test('is kept where one says, or not at all', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const file = join(state, 'lines');
    for (const options of [['--history', file], ['--no-history']]) {
      const terminal = await open([...args, ...options]);
      await terminal.shows(PROMPT);
      await terminal.enter('is-full');
      await terminal.shows(/^false$/m);
      await terminal.press('C-d');
      await terminal.exitCode();
    }
    expect(await readFile(file, 'utf8')).toBe('is-full\n');
    await expect(stat(join(state, 'taskpool'))).rejects.toThrow('ENOENT');
  });

  test('that cannot be kept keeps nobody from working', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const terminal = await open([...args, '--history', '/dev/null/history']);
    await terminal.shows('taskpool: no history: ');
    await terminal.enter('is-full');
    await terminal.shows(/^false$/m);
  });
});

describe('Ctrl-C', () => {
  test('clears the line', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.type('stop-all --now');
    await terminal.press('C-c');
    await terminal.shows(/^SimpleTaskPool-\d+>$/m);
    await terminal.enter('lock');
    await terminal.shows(/> lock\nok/);
    await terminal.press('C-c');
    await terminal.shows('(Ctrl-D leaves)');
  });

  test('gives up what is waited for', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('until-closed');
    await terminal.shows(/until-closed$/);
    await terminal.press('C-c');
    await terminal.shows('given up');
    await terminal.enter('is-closed');
    await terminal.shows(/^false$/m);
  });

  test('stops a watch', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('watch pool.locked');
    await terminal.shows('Ctrl-C');
    pool.lock();
    await terminal.shows(/^\d+ \S+ pool\.locked$/m);
    await terminal.press('C-c');
    await terminal.shows('the watch has ended');
    pool.unlock();
    pool.lock();
    await terminal.enter('is-locked');
    expect((await terminal.shows(/^true$/m)).match(/ pool\.locked$/gm)).toHaveLength(2);
  });
});

describe('a watch', () => {
  test('tells above what is being typed', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    const { args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('watch task.started');
    await terminal.shows('Ctrl-C');
    await terminal.type('pool-si');
    await terminal.shows(/> pool-si$/);
    pool.start(1);
    await terminal.shows(/task\.started id=0 group=start-group-0\nSimpleTaskPool-mine> pool-si$/);
    await terminal.enter('ze 5');
    await terminal.shows(/> pool-size 5\nok\nSimpleTaskPool-mine>$/);
    expect(pool.poolSize).toBe(5);
    pool.start(1);
    await terminal.shows(/task\.started id=1 group=start-group-1\nSimpleTaskPool-mine>$/);
    await pool.stopAll();
    await pool.gatherAndClose();
    await terminal.shows('the watch has ended');
  });

  test('faster than anybody reads leaves events out', async () => {
    const pool = simplePool(async () => {}, [], { retain: 'all' });
    const { args } = await serveTcp(pool);
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('watch task.ended');
    await terminal.shows('Ctrl-C');
    pool.start(20_000);
    await terminal.shows(/\d+ events not shown/);
    await terminal.shows(/id=19999 group=/);
    await terminal.enter('num-ended');
    await terminal.shows(/^20000$/m);
  });
});

describe('a connection that drops', () => {
  test('is offered again', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    const first = await serveTcp(pool);
    const terminal = await open(first.args);
    await terminal.shows(/^SimpleTaskPool-mine>$/m);
    await terminal.type('half a li');
    await terminal.shows(/half a li$/);
    await first.server.close();
    await terminal.shows(/^lost the connection to .+\nEnter connects again, Ctrl-D leaves\.\n/m);
    await terminal.shows(/^disconnected> half a li$/m);
    await terminal.press('C-c', 'Enter');
    await terminal.shows('ECONNREFUSED');

    await serveTcp(pool, { port: first.port });
    await terminal.press('Enter');
    await terminal.shows(/Connected to [\s\S]*Connected to [\s\S]*^SimpleTaskPool-mine>$/m);
    await terminal.enter('pool-size 9');
    await terminal.shows(/^ok$/m);
    expect(pool.poolSize).toBe(9);
  });

  test('and is left ends with 3', async () => {
    const { server, args } = await serveTcp(simplePool(untilAborted));
    const terminal = await open(args);
    await terminal.shows(PROMPT);
    await terminal.enter('until-closed');
    await terminal.shows(/until-closed$/);
    await server.close();
    await terminal.shows(/^disconnected>$/m);
    await terminal.press('C-d');
    expect(await terminal.exitCode()).toBe(3);
  });
});

test('without a server there is no prompt', async () => {
  const { server, args } = await serveTcp(simplePool(untilAborted));
  await server.close();
  const terminal = await open(args);
  expect(await terminal.exitCode()).toBe(3);
  expect(await terminal.screen()).toMatch(/^taskpool: no connection to /);
});
