/** The example: a long-running program, and the command line that changes and ends it. */

import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtProgram, MAIN } from '../../../support/built.ts';
import { type Ended, taskpool } from '../../../support/command-line.ts';
import { Running } from '../../../support/running.ts';
import { hasTerminal, Terminal } from '../../../support/terminal.ts';

let program: Running;
/** Where the program is controlled. */
let place: string[];

beforeEach(async () => {
  // Port 0: one that is free.
  const file = builtProgram('examples/control-server.ts');
  program = new Running(spawn(process.execPath, [file, '0']));
  await program.says(/port \d+\n/);
  const [, port = ''] = /port (\d+)\n/.exec(program.output) ?? [];
  place = ['control', 'tcp', '127.0.0.1', port];
});

afterEach(() => program.kill('SIGKILL'));

test('is resized, stopped and closed without a terminal', async () => {
  const run = (...words: string[]): Promise<Ended> => taskpool([...place, '--', ...words]);
  const said = async (...words: string[]): Promise<string> => (await run(...words)).stdout;
  expect(await said('func-name')).toBe('worker\n');
  expect(await said('num-running')).toBe('3\n');
  expect(await said('pool-size', '5')).toBe('ok\n');
  await run('start', '4');
  expect(await said('num-running')).toBe('5\n');
  expect(await said('is-full')).toBe('true\n');
  expect(await said('stop', '2')).toMatch(/^\d+ \d+\n$/);
  expect((await run('start', 'some')).exitCode).toBe(2);
  expect((await run('cancel', '1000')).exitCode).toBe(1);
  expect((await run('lock')).exitCode).toBe(0);
  expect((await run('start', '1')).exitCode).toBe(1);
  expect((await run('stop-all')).exitCode).toBe(0);
  expect(await run('gather-and-close')).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' });
  expect(await program.exitCode).toBe(0);
  expect(program.output).toContain('7 workers had been started');
  expect((await run('num-running')).exitCode).toBe(3);
});

test('and at a terminal', async ({ skip }) => {
  skip(!hasTerminal, 'there is no tmux');
  const command = [process.execPath, MAIN, ...place, '--no-history'];
  await using terminal = await Terminal.run(command);
  await terminal.shows(/^SimpleTaskPool-0>$/m);
  await terminal.type('pool-s');
  await terminal.press('Tab');
  await terminal.shows('> pool-size');
  await terminal.enter('3');
  await terminal.shows(/> pool-size 3\nok/);
  await terminal.enter('watch task.ended');
  await terminal.shows('Ctrl-C ends the watch');
  await terminal.enter('stop 1');
  await terminal.shows(/task\.ended id=2 group=start-group-0/);
  await terminal.press('C-c');
  await terminal.shows('the watch has ended');
  await terminal.press('Up', 'Up');
  await terminal.shows(/> watch task\.ended$/);
  await terminal.press('C-c');
  await terminal.shows(/^SimpleTaskPool-0>$/m);
  await terminal.enter('stop-all');
  await terminal.enter('gather-and-close');
  expect(await program.exitCode).toBe(0);
  await terminal.shows(/^disconnected>$/m);
  await terminal.press('C-d');
  expect(await terminal.exitCode()).toBe(3);
});
