import { parseArgs } from 'node:util';

const HELP = `Usage: node build/examples/crawler/main.js [options]

Crawls a site of ten host names that the program serves itself. Kill it, start it again with the same
journal, and it continues.

      --pages <number>     pages of the site (default: 5000)
      --journal <folder>   where the journal is kept (default: crawl.jsonl)
  -o, --output <file>      where the list of pages goes (default: crawl.tsv)
      --per-host <number>  requests to a host at once (default: 4)
      --rate <number>      requests to a host in a second (default: 50)
      --timeout <ms>       how long a request may take (default: 2000)
      --site <port>        a site that is served already, on this port of this machine
  -h, --help               show this text

Exit code: 0 all well, 1 some pages could not be loaded.`;

/** The options of the command line. */
export interface Options {
  readonly pages: number;
  readonly journal: string;
  readonly output: string;
  readonly perHost: number;
  readonly rate: number;
  readonly timeout: number;
  readonly site: number | undefined;
}

/**
 * Parses the command line. If the help text was requested, prints it and returns undefined.
 *
 * @throws TypeError, RangeError if it is invalid.
 */
export function readOptions(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      pages: { type: 'string', default: '5000' },
      journal: { type: 'string', default: 'crawl.jsonl' },
      output: { type: 'string', short: 'o', default: 'crawl.tsv' },
      'per-host': { type: 'string', default: '4' },
      rate: { type: 'string', default: '50' },
      timeout: { type: 'string', default: '2000' },
      site: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  return {
    pages: positiveInteger('pages', values.pages),
    journal: values.journal,
    output: values.output,
    perHost: positiveInteger('per-host', values['per-host']),
    rate: positiveInteger('rate', values.rate),
    timeout: positiveInteger('timeout', values.timeout),
    site: values.site === undefined ? undefined : positiveInteger('site', values.site),
  };
}

function positiveInteger(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`--${name}: expected a positive integer, got "${text}"`);
}
