/** A prompt that echoes lines, and says something above whenever it gets a SIGUSR1. */

import { Prompt } from '../../../src/cli/control/prompt.ts';

let said = 0;

const prompt = new Prompt({
  input: process.stdin as typeof process.stdin & { fd: 0 },
  output: process.stdout,
  history: ['second', 'first'],
  complete: async (line) => ({
    word: line.split(' ').at(-1) ?? '',
    candidates: ['pool-size', 'pause'].filter((name) => name.startsWith(line)),
  }),
  onLine: async (line) => prompt.say(`got <${line}>\n`),
  onInterrupt: () => prompt.clearLine(),
});

process.on('SIGUSR1', () => {
  said++;
  prompt.say(`news ${said}\n`);
});

console.log(`pid ${process.pid}`);
prompt.ask('pool> ');
await prompt.closed;
console.log('\nover');
process.removeAllListeners('SIGUSR1');
