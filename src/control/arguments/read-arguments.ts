/** Reads the arguments of a command from a command line or a JSON request, with the same checks. */

import { printableName } from '../../printable/text.ts';
import { printableValue } from '../../printable/value.ts';
import type { Command, Option, Positional } from '../command.ts';
import { checkNumValues } from '../complaints.ts';
import { BadArguments } from '../errors.ts';
import { dashed } from '../names.ts';
import type { NamedCommand } from '../table.ts';
import { inAnyCase } from './any-case.ts';
import type { Candidates, ValueType } from './value-types.ts';
import type { Word } from './words.ts';

/** Arguments by name. */
export type NamedArguments = Readonly<Record<string, unknown>>;

/** The maximum length of a value in an error message, in characters. */
const MAX_SHOWN = 80;

/** A given value: its form in error messages, and its conversion to a type. */
interface Given {
  readonly shown: () => string;
  readonly read: (type: ValueType<unknown>) => unknown;
}

/**
 * Resolves a typed name, which may be in another case.
 *
 * @throws BadArguments if it is ambiguous.
 */
export type NameOf = (what: Candidates, name: string) => string;

/** Whether one of the words asks for help. */
export function asksForHelp(words: readonly Word[]): boolean {
  const end = words.findIndex(({ text, quoted }) => text === '--' && !quoted);
  const before = end === -1 ? words : words.slice(0, end);
  return before.some(({ text, quoted }) => !quoted && (text === '-h' || text === '--help'));
}

/**
 * Reads the arguments from the words after a command's name.
 *
 * @throws BadArguments
 */
export function argumentsFromWords(
  named: NamedCommand,
  words: readonly Word[],
  nameOf: NameOf,
): NamedArguments {
  const complain = complaintsOf(named);
  const { places, options } = sort(named, words);
  const given = (word: Word) => fromWord(word, nameOf);
  const args: Record<string, unknown> = {};
  let next = 0;
  for (const positional of named.command.positionals) {
    const { takes, label } = positional;
    const rest = places.length - next;
    const takesMany = takes === 'some' || takes === 'any';
    const values = places.slice(next, takesMany ? undefined : next + 1).map(given);
    if (rest === 0 && (takes === 'one' || takes === 'some')) complain(`expected ${label}`);
    next += values.length;
    args[positional.name] = placed(positional, values, complain);
  }
  const [extra] = places.slice(next);
  if (extra !== undefined) complain(`expected no more arguments, got ${shorten(extra.text)}`);
  for (const [key, option] of Object.entries(named.command.options)) {
    const word = options.get(key);
    const label = `--${dashed(key)}`;
    if (word === undefined) args[key] = option.default;
    else args[key] = word === true ? true : readValue(option.type, label, given(word), complain);
  }
  return args;
}

/**
 * Reads the arguments from a JSON request.
 *
 * @throws BadArguments
 */
export function argumentsFromJson(named: NamedCommand, given: unknown): NamedArguments {
  const complain = complaintsOf(named);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return complain(`expected args to be an object, got ${show(given)}`);
  }
  const { positionals, options } = named.command;
  const names = [...positionals.map(({ name }) => name), ...Object.keys(options)];
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    complain(
      `expected arguments of the names ${names.join(', ') || '(none)'}, got '${shorten(name)}'`,
    );
  }
  const valueAt = (name: string): unknown =>
    Object.hasOwn(given, name) ? (given as NamedArguments)[name] : undefined;
  const args: Record<string, unknown> = {};
  for (const positional of positionals) {
    const { name, takes } = positional;
    const value = valueAt(name);
    const takesMany = takes === 'some' || takes === 'any';
    if (takesMany && value !== undefined && !Array.isArray(value)) {
      complain(`expected ${name} to be an array, got ${show(value)}`);
    }
    if (Array.isArray(value) && takesMany) checkNumValues(name, value.length);
    const values = value === undefined ? [] : takesMany ? (value as unknown[]) : [value];
    if (values.length === 0 && (takes === 'one' || takes === 'some')) complain(`expected ${name}`);
    args[name] = placed({ ...positional, label: name }, values.map(fromJson), complain);
  }
  for (const [key, option] of Object.entries(options)) {
    const value = valueAt(key);
    args[key] =
      value === undefined ? option.default : readValue(option.type, key, fromJson(value), complain);
  }
  return args;
}

type Complain = (message: string) => never;

function complaintsOf({ name }: NamedCommand): Complain {
  return (message) => {
    throw new BadArguments(`${name}: ${message}`);
  };
}

function fromWord({ text }: Word, nameOf: NameOf): Given {
  const read = (type: ValueType<unknown>): unknown => {
    const value = type.fromText(text);
    const { candidates } = type;
    if (typeof value !== 'string' || candidates === undefined) return value;
    return typeof candidates === 'string'
      ? nameOf(candidates, value)
      : inAnyCase(value, candidates);
  };
  return { shown: () => shorten(text), read };
}

function fromJson(value: unknown): Given {
  return { shown: () => show(value), read: (type) => type.fromJson?.(value) ?? value };
}

function placed(positional: Positional, given: readonly Given[], complain: Complain): unknown {
  const values = given.map((one) => readValue(positional.type, positional.label, one, complain));
  const { takes } = positional;
  return takes === 'some' || takes === 'any' ? values : values[0];
}

const SWITCH: ValueType<boolean> = {
  expected: 'true or false',
  fromText: () => true,
  accepts: (value) => typeof value === 'boolean',
};

function readValue(
  type: ValueType<unknown> = SWITCH,
  label: string,
  given: Given,
  complain: Complain,
): unknown {
  let value: unknown;
  let why = '';
  try {
    value = given.read(type);
  } catch (error) {
    if (error instanceof BadArguments) complain(error.message);
    why = ` (${(error as Error).message.replace(/^JSON5: /, '')})`;
  }
  if (why === '' && type.accepts(value)) return value;
  return complain(`expected ${label} to be ${type.expected}, got ${given.shown()}${why}`);
}

/** Separates options with their values from positional arguments. */
function sort(named: NamedCommand, words: readonly Word[]) {
  const complain = complaintsOf(named);
  const places: Word[] = [];
  const options = new Map<string, Word | true>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    const { text, quoted } = word;
    if (quoted || !/^-[^\d.]/.test(text)) {
      places.push(word);
      continue;
    }
    if (text === '--') {
      for (const place of words.slice(i + 1)) places.push(place);
      break;
    }
    const { key, option, attached } = findOption(named.command, text, complain);
    if (options.has(key)) complain(`expected --${dashed(key)} once, got it twice`);
    if (option.type === undefined) {
      if (attached !== undefined) complain(`expected no value for --${dashed(key)}`);
      options.set(key, true);
    } else if (attached !== undefined) {
      options.set(key, { ...word, text: attached });
    } else {
      i++;
      const value = words[i] ?? complain(`expected ${option.label} after ${text}`);
      options.set(key, value);
    }
  }
  return { places, options };
}

interface FoundOption {
  readonly key: string;
  readonly option: Option;
  /** The value, if it is part of the same word: `--num=3`, `-n3`. */
  readonly attached: string | undefined;
}

function findOption(command: Command, text: string, complain: Complain): FoundOption {
  for (const [key, option] of Object.entries(command.options)) {
    const long = `--${dashed(key)}`;
    if (text === long) return { key, option, attached: undefined };
    if (text.startsWith(`${long}=`)) return { key, option, attached: text.slice(long.length + 1) };
    if (text.startsWith(`-${option.letter}`)) {
      return { key, option, attached: text.length > 2 ? text.slice(2) : undefined };
    }
  }
  return complain(`expected an option that it has, got ${shorten(text)}`);
}

/** A value as shown in an error message. */
function show(value: unknown): string {
  return value === undefined ? 'nothing' : printableValue(value, MAX_SHOWN);
}

function shorten(text: string): string {
  return printableName(text, MAX_SHOWN) || "''";
}
