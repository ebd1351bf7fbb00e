/** `--header`: the first value of each source names what follows in it, or its columns. */

import { CommandFailed, ExitCode } from '../../exit.ts';
import { textOf } from '../work/work.ts';
import { type Input, withColumns } from './input.ts';
import { describeSource, firstOf } from './sources.ts';

/**
 * The names of the values of an item, in their order.
 *
 * @throws CommandFailed for a source that is empty, and what reading throws.
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

/** A command, or key, in which numbers stand in place of names: `{1.}` for `{name.}`. */
export function withNumbers(template: string, names: readonly string[] = []): string {
  return template.replace(NAMED, (whole, name: string, signs: string) => {
    const place = names.indexOf(name) + 1;
    return place === 0 ? whole : `{${place}${signs}}`;
  });
}

/** What a function gets: the values of an item by their names. */
export function byName(item: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const values: readonly unknown[] = Array.isArray(item) ? item : [item];
  return Object.fromEntries(names.map((name, place) => [name, values[place]]));
}
