/** Commands for the session itself. */

import { printableLine } from '../../printable/text.ts';
import { COMMAND, POOL, TEXT } from '../arguments/value-types.ts';
import { command, one, optional } from '../define.ts';

export const session = {
  pools: command({
    help: 'List the pools of the server.',
    answer: 'an array of names',
    changes: false,
    run: ({ session }) => session.pools,
    print: (pools) => pools.map(printableLine).join('\n'),
  }),
  use: command({
    help: 'Switch to another pool of the server.',
    answer: 'the name of the pool',
    positionals: [one('pool', 'NAME', POOL, 'the name of the pool')],
    changes: false,
    run: ({ session }, { pool }) => session.use(pool),
  }),
  complete: command({
    help: 'Show the completions of an unfinished line.',
    answer: '`{ word, candidates }`',
    positionals: [one('line', 'LINE', TEXT, 'the line')],
    changes: false,
    run: ({ session }, { line }) => session.complete(line),
    print: ({ candidates }) => candidates.map(printableLine).join('\n'),
  }),
  help: command({
    help: 'List the commands, or show the usage of one.',
    answer: 'a string',
    positionals: [optional('command', 'COMMAND', COMMAND, 'the name of the command')],
    changes: false,
    run: ({ session }, { command }) => session.help(command),
    print: (text) => text,
  }),
  exit: command({
    help: 'End the session.',
    changes: false,
    run: ({ session }) => session.exit(),
  }),
};
