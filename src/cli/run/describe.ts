/** Describes the work for an item in words, for `--dry-run` and `--joblog`. */

import { printableJsonOf } from '../../printable/text.ts';
import type { CommandSource, RunHeader } from '../journal/run-header.ts';
import { parseTemplate, type Template } from './exec/template.ts';
import { hasLists, type Input } from './input/input.ts';
import { byName, withNumbers } from './input/names.ts';
import { argumentsOf } from './work/work.ts';

/** Returns a line for an item; for commands it can be pasted into a shell. */
export type DescribeJob = (item: unknown, place: number, slot: number) => string;

export function describerOf({ work, input }: RunHeader): DescribeJob {
  const { names } = input;
  if ('module' in work) {
    const argument = (item: unknown) => (names === undefined ? item : byName(item, names));
    return (item) => `${work.export}(${printableJsonOf(argument(item))})`;
  }
  const template = templateOf(work, input);
  const areLists = hasLists(input);
  return (item, place, slot) => template.text({ args: argumentsOf(item, areLists), place, slot });
}

/** @throws CommandFailed for an invalid command. */
export function templateOf({ exec, shell }: CommandSource, { packing, names }: Input): Template {
  const repeats = packing !== undefined && packing.isTogether !== true;
  const takesNothing = packing?.count === 0;
  return parseTemplate(withNumbers(exec, names), {
    repeats,
    takesNothing,
    ...(shell === undefined ? {} : { shell }),
  });
}
