/** The help of the command line is in the documentation as it is. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { ROOT } from '../support/built.ts';

/** What `--help` prints on 80 columns, by the words before it: `taskpool control`. */
function helps(command: Command, words: string = command.name()): [string, string][] {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  const below = command.commands.flatMap((one) => helps(one, `${words} ${one.name()}`));
  return [[words, help], ...below];
}

test.each(helps(program()))('the help of %s is in docs/cli.md', async (words, help) => {
  const page = await readFile(join(ROOT, 'docs/cli.md'), 'utf8');
  expect(page).toContain(`<!-- help: ${words} -->\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`);
});
