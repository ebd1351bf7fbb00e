/** Generates the help texts from the table of commands. */

import type { BasePool } from '../../index.ts';
import { printableName } from '../../printable/text.ts';
import type { Option, Positional } from '../command.ts';
import { dashed } from '../names.ts';
import { audienceOf, FAMILIES, type NamedCommand, suits } from '../table.ts';
import { type Entry, layOut, wrap, wrapParts } from './layout.ts';
import { printValue } from './print.ts';

/** The list of a pool's commands. */
export function helpOn(pool: BasePool, width: number): string {
  const audience = audienceOf(pool);
  const parts = [
    'usage: COMMAND [ARGUMENT ...]',
    wrap(
      `The commands of ${printableName(String(pool))}. -h after one of them shows how it is used. Arguments are words, ` +
        "quoted as in a shell, or JSON5 literals like ['x', 1] and {a: 1}.",
      width,
    ),
  ];
  for (const [title, family] of Object.entries(FAMILIES)) {
    const entries = Object.entries(family)
      .filter(([, { of }]) => suits(of, audience))
      .map(([key, { help }]): Entry => [dashed(key), help]);
    if (entries.length > 0) parts.push(`${title}:\n${layOut(entries, width)}`);
  }
  return parts.join('\n\n');
}

/** The help on a command. */
export function helpOnCommand({ name, command }: NamedCommand, width: number): string {
  const options = Object.entries(command.options);
  const parts = [usageOf({ name, command }, width), wrap(command.help, width)];
  if (command.positionals.length > 0) {
    const entries = command.positionals.map((one): Entry => [one.label, meaningOf(one)]);
    parts.push(`arguments:\n${layOut(entries, width)}`);
  }
  const entries = options.map(([key, one]): Entry => [spellings(key, one), meaningOf(one)]);
  parts.push(`options:\n${layOut([['-h, --help', 'show this help'], ...entries], width)}`);
  return parts.join('\n\n');
}

/** `usage: map [-h] [-n N] [-g NAME] FUNC ITEMS` */
export function usageOf({ name, command }: NamedCommand, width: number): string {
  const options = Object.values(command.options).map(({ letter, label }) =>
    label === undefined ? `[-${letter}]` : `[-${letter} ${label}]`,
  );
  const start = `usage: ${name}`;
  const parts = [start, '[-h]', ...options, ...command.positionals.map(placeOf)];
  return wrapParts(parts, width, start.length + 1);
}

function placeOf({ label, takes }: Positional): string {
  if (takes === 'one') return label;
  if (takes === 'optional') return `[${label}]`;
  return takes === 'some' ? `${label} [${label} ...]` : `[${label} ...]`;
}

function spellings(key: string, { letter, label }: Option): string {
  const value = label === undefined ? '' : ` ${label}`;
  return `-${letter}, --${dashed(key)}${value}`;
}

function meaningOf(parameter: Positional | Option): string {
  const { help, type } = parameter;
  const given = 'default' in parameter && type !== undefined ? parameter.default : undefined;
  const hint = type?.hint === undefined ? '' : `: ${type.hint}`;
  const otherwise =
    given === undefined ? '' : ` (default: ${Array.isArray(given) ? '[]' : printValue(given)})`;
  return `${help}${hint}${otherwise}`;
}
