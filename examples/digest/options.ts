import { parseArgs } from 'node:util';

const HELP = `Usage: npm start -- [options] [folder]

Computes the SHA-256 of every file below a folder (default: ./node_modules) through a task pool,
and writes a list that "sha256sum -c" verifies. Symbolic links are not followed.

  -n, --size <number>   files worked on at a time at the start (default: 8)
  -o, --output <file>   where the list goes (default: digest.sha256)
  -q, --quiet           say nothing but problems
      --dashboard       serve a page that shows it, until Ctrl-C; the link is the first line
      --keys            read keys from standard input even when it is not a terminal
  -h, --help            show this text

While it runs: + and - change the number of files worked on at a time, Ctrl-C stops.
Exit code: 0 all well, 1 some files could not be read, 2 no list was written, 130 interrupted.`;

/** The options of the command line. */
export interface Options {
  readonly folder: string;
  readonly size: number;
  readonly output: string;
  readonly quiet: boolean;
  readonly keys: boolean;
  readonly dashboard: boolean;
}

/**
 * Parses the command line. If the help text was requested, prints it and returns undefined.
 *
 * @throws TypeError, RangeError if it is invalid.
 */
export function readOptions(args: string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      size: { type: 'string', short: 'n', default: '8' },
      output: { type: 'string', short: 'o', default: 'digest.sha256' },
      quiet: { type: 'boolean', short: 'q', default: false },
      dashboard: { type: 'boolean', default: false },
      keys: { type: 'boolean', default: Boolean(process.stdin.isTTY) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  if (positionals.length > 1) {
    throw new TypeError(`expected one folder, got ${positionals.join(' and ')}`);
  }
  return {
    folder: positionals[0] ?? './node_modules',
    size: positiveInteger(values.size),
    output: values.output,
    quiet: values.quiet,
    keys: values.keys,
    dashboard: values.dashboard,
  };
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`--size: expected a positive integer, got "${text}"`);
}
