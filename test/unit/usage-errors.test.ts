/** What the command line says about words that it does not know: they may have been pasted. */

import { expect, test } from 'vitest';
import { newCommand } from '../../src/cli/command.ts';

function refusal(...words: string[]): string {
  let written = '';
  const command = newCommand('taskpool').option('--journal <file>').argument('[word]');
  command.configureOutput({
    writeErr: (text) => {
      written += text;
    },
  });
  expect(() => command.parse(words, { from: 'user' })).toThrow();
  return written;
}

test('a newline that was typed begins no line of its own', () => {
  const hostile = '--x\nforged\u001b[31m\u202e\u0007';
  const [first, ...others] = refusal(hostile).trimEnd().split('\n');
  expect(first).toBe("taskpool: unknown option '--x\\x0aforged\\x1b[31m\\u202e\\x07'");
  expect(others).toEqual(['(--help lists commands and options)']);
});

test('what was meant stays on a line of its own', () => {
  expect(refusal('--jurnal').split('\n')).toEqual([
    "taskpool: unknown option '--jurnal'",
    '(Did you mean --journal?)',
    '(--help lists commands and options)',
    '',
  ]);
});
