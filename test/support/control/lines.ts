/** Random lines for the control interface: nonsense, commands, and malformed commands. */

import fc from 'fast-check';
import { COMMANDS } from 'xstate-taskpool/control';
import { anyText } from '../property.ts';

const NAMES = Object.keys(COMMANDS).map((key) => key.replaceAll(/[A-Z]/g, '-$&').toLowerCase());
const WORDS = [
  ...['quick', 'worker', 'fail', 'nobody', 'g', 'h', '"a b"', 'constructor', '__proto__'],
  ...['0', '1', '2', '7', '-1', '1.5', '007', 'x', "''", '--', '-', '-h', '--help'],
  ...['-n', '-n3', '--num', '-g', '--group-name=g', '-a', '-k', '-r', '-s', '--state', 'running'],
  ...['[]', '[1,2]', "['x', {y: 1}]", '[[1],[2]]', '[{a: 1}]', '{a: 1}', '{', ']', '"', "'"],
  ...['task.ended', 'pool.locked', 'TaskPool-a', 'b', '\\', '\u0000', '\u001b[31m', '🙂', '\ud800'],
];
const word = fc.constantFrom(...WORDS);
const name = fc.constantFrom(...NAMES);

const command = fc
  .tuple(name, fc.array(word, { maxLength: 4 }))
  .map(([name, words]) => [name, ...words].join(' '));

/** One change to a text: a part removed, repeated or inserted. */
const change = fc.tuple(
  fc.nat(),
  fc.nat(3),
  fc.constantFrom('', ' ', '"', "'", '[', '}', '-', '\\'),
);

function mutated(text: string, changes: readonly (readonly [number, number, string])[]): string {
  return changes.reduce((text, [place, length, insert]) => {
    const at = text.length === 0 ? 0 : place % text.length;
    const kept = place % 2 === 0 ? text.slice(at) : text.slice(at + length);
    return text.slice(0, at) + insert + kept;
  }, text);
}

const withMistakes = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => mutated(text, changes));

const oneLine = (text: string): string => text.replaceAll('\n', ' ');

/** A line for a text session. */
export const textLine: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: command },
    { weight: 4, arbitrary: withMistakes(command) },
    { weight: 1, arbitrary: anyText({ maxLength: 30 }) },
  )
  .map(oneLine);

const value = fc.oneof(
  fc.constantFrom<unknown>('quick', 'worker', 'fail', 'g', '', 0, 1, 3, -1, 1.5, true),
  fc.constantFrom<unknown>([], [1, 2], [[1]], [{ a: 1 }], { a: 1 }, ['g'], ['task.ended']),
);
const argument = fc.constantFrom(
  ...Object.values(COMMANDS).flatMap(({ positionals, options }) => [
    ...positionals.map(({ name }) => name as string),
    ...Object.keys(options),
  ]),
);
const args = fc.oneof(fc.dictionary(argument, value, { maxKeys: 3 }), value);
const id = fc.oneof(fc.nat(20), fc.constantFrom('a', 'b'), fc.constant(undefined));
const request = fc
  .oneof(
    { weight: 6, arbitrary: fc.record({ id, command: name, args }) },
    { weight: 2, arbitrary: fc.record({ id, line: command }) },
    { weight: 1, arbitrary: fc.record({ id, abort: id }) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  )
  .map((request) => JSON.stringify(request));

/** A line for a JSON session. */
export const jsonLine: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 7, arbitrary: request },
    { weight: 3, arbitrary: withMistakes(request) },
    { weight: 1, arbitrary: textLine },
  )
  .map(oneLine);

/** Bytes with newlines among them: lines, parts of lines, and invalid text. */
export const bytes: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      textLine.map((line) => Buffer.from(`${line}\n`)),
      jsonLine.map((line) => Buffer.from(line)),
      fc.uint8Array({ maxLength: 40 }).map((data) => Buffer.from([...data, 10])),
      fc.nat(3).map((size) => Buffer.from(`${'x'.repeat(10 ** size)}\n`)),
    ),
    { minLength: 30, maxLength: 60, size: 'max' },
  )
  .map((parts) => Buffer.concat(parts));
