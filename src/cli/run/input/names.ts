/** `--header`: the first value of each source names its values or columns. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { textOf } from '../work/work.ts';
import { type Input, withColumns } from './input.ts';
import { describeSource, firstOf } from './sources.ts';

/**
 * The names of the values of an item, in their order.
 *
 * @throws CommandFailed if a source is empty, and the errors of reading.
 */
export async function readNames(input: Input): Promise<readonly string[]> {
  const names: string[] = [];
  for (const source of input.sources) {
    const first = await firstOf(source, input);
    if (first === undefined) {
      throw new CommandFailed(
        ExitCode.usage,
        `expected a line with names for --header, got nothing in ${describeSource(source)}`,
      );
    }
    for await (const items of withColumns([[first]], input)) {
      for (const name of items.flat()) names.push(textOf(name));
    }
  }
  return names;
}

const NAMED = /\{([^{}\n]+?)(\/\/|\/\.|\.|\/|)\}/g;

/** Replaces names in a command or key by numbers: `{name.}` by `{1.}`. */
export function withNumbers(template: string, names: readonly string[] = []): string {
  return template.replace(NAMED, (whole, name: string, signs: string) => {
    const place = names.indexOf(name) + 1;
    return place === 0 ? whole : `{${place}${signs}}`;
  });
}

/** The argument of a function: the values of an item by name. */
export function byName(item: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const values: readonly unknown[] = Array.isArray(item) ? item : [item];
  return Object.fromEntries(names.map((name, place) => [name, values[place]]));
}
