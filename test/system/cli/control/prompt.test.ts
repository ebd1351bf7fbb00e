/** The line that is typed, at a real terminal. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtProgram } from '../../../support/built.ts';
import { hasTerminal, Terminal } from '../../../support/terminal.ts';

let terminal: Terminal;

beforeEach(({ skip }) => skip(!hasTerminal, 'there is no tmux'));

afterEach(() => terminal[Symbol.asyncDispose]());

async function start(width: number): Promise<number> {
  const program = builtProgram('test/system/programs/talking-prompt.ts');
  terminal = await Terminal.run([process.execPath, program], { width });
  const screen = await terminal.shows(/^pool>$/m);
  return Number(/pid (\d+)/.exec(screen)?.[1]);
}

test('a line is carried out, and the next one is asked for', async () => {
  await start(80);
  await terminal.enter('hello');
  await terminal.shows(/^pool> hello\ngot <hello>\npool>$/m);
  await terminal.press('C-d');
  expect(await terminal.exitCode()).toBe(0);
  expect(await terminal.screen()).toMatch(/^pool>\nover$/m);
});

test.each([80, 23])('what is said comes above what is typed, %i columns wide', async (width) => {
  const pid = await start(width);
  const typed = 'one two three four five six seven';
  await terminal.type(typed);
  await terminal.shows(/sev ?\n?en$/);
  process.kill(pid, 'SIGUSR1');
  await terminal.shows(/news 1\npool> one/);
  await terminal.press('Left', 'Left');
  process.kill(pid, 'SIGUSR1');
  await terminal.shows(/news 2\npool> one/);
  await terminal.type('-');
  await terminal.press('Enter');
  const screen = await terminal.shows(/pool>$/);
  // Where the terminal broke a line, there is no newline in what was written.
  const lines = screen.replaceAll(new RegExp(`(?<=^.{${width}})\n`, 'gm'), '').split('\n');
  expect(lines.slice(1)).toEqual([
    'news 1',
    'news 2',
    'pool> one two three four five six sev-en',
    'got <one two three four five six sev-en>',
    'pool>',
  ]);
});
