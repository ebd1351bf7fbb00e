/** `taskpool control`: controls a running pool through its control server. */

import { Command, type ParseOptionsResult } from 'commander';
import type { Target } from '../../node/control/client/target.ts';
import { withHabits } from '../command.ts';
import type { ConverseOptions } from '../control/converse.ts';
import { parseHost, parsePath, readCa, readPort, WithAddress } from './targets.ts';

export function controlCommand(): Command {
  const control = withHabits(new WithAddress('control'))
    .description('Look at a running pool and change it, through its control server')
    .addHelpText('after', EXAMPLES);
  addTcp(control);
  addUnix(control);
  return control;
}

const EXAMPLES = `
Examples:
  taskpool control tcp localhost 9999                   a prompt
  taskpool control tcp localhost 9999 tasks -l 5        one command
  taskpool control unix /run/pool.sock --json < lines   many, for a program`;

const PLACE_OF_COMMAND = 'a command to run in place of a prompt, with its options';

/** A command whose unknown options, from the first word of the pool command on, belong to that pool command. */
class WithCommand extends Command {
  override parseOptions(argv: string[]): ParseOptionsResult {
    const { operands, unknown } = super.parseOptions(argv);
    const numOwn = this.registeredArguments.filter(({ required }) => required).length;
    if (operands.length <= numOwn) return { operands, unknown };
    return { operands: [...operands, ...unknown], unknown: [] };
  }
}

interface TcpOptions extends ConverseOptions {
  readonly tls?: true;
  readonly ca?: string;
}

function addTcp(control: Command): void {
  const tcp = withHabits(new WithCommand('tcp'))
    .description('Connect to a TCP port')
    .argument('<host>', 'a name or an address', parseHost)
    .argument('<port>', 'a number', readPort)
    .argument('[command...]', PLACE_OF_COMMAND);
  addShared(tcp)
    .option('--tls', 'encrypt, and verify the certificate of the server')
    .option('--ca <file>', 'the certificates (PEM) to trust; implies --tls')
    .action(async (host: string, port: number, words: string[], options: TcpOptions) => {
      const { tls = false, ca } = options;
      const target = { host, port, tls: ca === undefined ? tls : { ca: readCa(ca) } };
      await talk(target, words, options);
    });
  control.addCommand(tcp);
}

function addUnix(control: Command): void {
  const unix = withHabits(new WithCommand('unix'))
    .description('Connect to a Unix socket')
    .argument('<path>', 'where the socket is', parsePath)
    .argument('[command...]', PLACE_OF_COMMAND);
  addShared(unix).action(async (path: string, words: string[], options: ConverseOptions) => {
    await talk({ path }, words, options);
  });
  control.addCommand(unix);
}

function addShared(command: Command): Command {
  return command
    .option('--token-file <file>', 'the file with the token of the server, if not TASKPOOL_TOKEN')
    .option('--json', 'answers and events as JSON, one in a line')
    .option('--history <file>', 'where the lines typed at the prompt are kept')
    .option('--no-history', 'keep none');
}

/** Loads the client on demand, so that other commands start faster. */
async function talk(target: Target, words: string[], options: ConverseOptions): Promise<void> {
  const { converse } = await import('../control/converse.ts');
  process.exitCode = await converse(target, words, options);
}
