/** The scripts of `taskpool completion`, read by the shells that they are for. */

import { execFileSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { program } from '../../../src/cli/program.ts';
import { hasTool } from '../../support/tools.ts';

async function scriptFor(shell: string): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await program().parseAsync(['completion', shell], { from: 'user' });
  return String(write.mock.calls[0]?.[0]);
}

/** What a shell that has read the script says to a program of its own. */
async function said(shell: string, args: readonly string[], script: string): Promise<string[]> {
  const text = `${await scriptFor(shell)}\n${script}`;
  return execFileSync(shell, [...args, '-c', text], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe.skipIf(!hasTool('bash'))('bash', () => {
  const complete = (...words: string[]) =>
    said(
      'bash',
      ['--norc'],
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
       _taskpool; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );

  test('completes subcommands', async () => {
    expect(await complete('taskpool', 'jo')).toEqual(['journal']);
    expect((await complete('taskpool', 'control', '')).toSorted()).toEqual(['tcp', 'unix']);
  });

  test('completes options of the subcommand', async () => {
    expect(await complete('taskpool', 'run', 'x.mjs', '--line')).toEqual(['--line-buffer']);
    expect(await complete('taskpool', 'control', 'tcp', '--to')).toEqual(['--token-file']);
    expect(await complete('taskpool', 'journal', '--line')).toEqual(['']);
  });
});

test.skipIf(!hasTool('fish'))('fish completes subcommands and options', async () => {
  const complete = (line: string) => said('fish', ['--no-config'], `complete -C '${line}'`);
  expect(await complete('taskpool jour')).toEqual(['journal\tLook into a journal']);
  expect(await complete('taskpool run --line')).toEqual([
    expect.stringMatching(/^--line-buffer\t/),
  ]);
});

test.skipIf(!hasTool('zsh'))('zsh completes subcommands and options', async () => {
  const complete = (...words: string[]) =>
    said(
      'zsh',
      ['-f'],
      `compadd() { shift; print -l -- "$@" }; words=(${words.map((word) => `'${word}'`).join(' ')})
       CURRENT=${words.length}; _taskpool`,
    );
  expect(await complete('taskpool', 'jo')).toContain('journal');
  expect(await complete('taskpool', 'run', '-')).toContain('--line-buffer');
  expect(await complete('taskpool', 'control', 'tcp', '-')).toContain('--token-file');
});
