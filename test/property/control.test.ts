/** What holds for any command line: words, literals, arguments, completion, layout. */

import fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  argumentsFromJson,
  argumentsFromWords,
} from '../../src/control/arguments/read-arguments.ts';
import * as types from '../../src/control/arguments/value-types.ts';
import { scanWords, splitWords } from '../../src/control/arguments/words.ts';
import type { Command, Option, Positional } from '../../src/control/command.ts';
import { dashed } from '../../src/control/names.ts';
import { wrap } from '../../src/control/printing/layout.ts';
import { COMMANDS } from '../../src/control/table.ts';
import { printable, printableLine } from '../../src/printable/text.ts';
import { type Answer, Talk } from '../support/control/talk.ts';
import { taskPool } from '../support/pools.ts';
import { anyText, property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
/** What is left of it in JSON: -0 is 0 there. */
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const object = fc.dictionary(fc.string({ minLength: 1 }), json);

/** A word as it may be typed: in either kind of quotes, or with backslashes. */
const quotings = {
  double: (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`,
  single: (word: string) =>
    word
      .split("'")
      .map((part) => `'${part}'`)
      .join('"\'"'),
  backslashes: (word: string) => word.replaceAll(/[\s\S]/g, '\\$&'),
};
const quoting = fc.constantFrom(...Object.values(quotings));

describe('words', () => {
  const space = fc.constantFrom(' ', '\t', '  ', ' \t ');

  property([fc.array(fc.tuple(text, quoting, space))], runs(200))('survive quoting', (parts) => {
    const line = parts.map(([word, quote, space]) => `${space}${quote(word)}`).join('');
    expect(splitWords(line).map(({ text }) => text)).toEqual(parts.map(([word]) => word));
  });

  property([fc.array(fc.oneof(fc.array(json), object))], runs(200))(
    'keep literals whole',
    (values) => {
      const line = values.map((value) => JSON.stringify(value)).join(' ');
      expect(splitWords(line).map(({ text }) => types.ARRAY.fromText(text))).toEqual(values);
    },
  );

  property([anyText()], runs(200))('are found in anything', (line) => {
    const { words } = scanWords(line);
    let end = 0;
    for (const { start } of words) {
      expect(start).toBeGreaterThanOrEqual(end);
      end = start + 1;
    }
    expect(end).toBeLessThanOrEqual(line.length);
  });
});

describe('arguments', () => {
  /** Values of each type, and how they are typed. */
  const values = new Map<types.ValueType<never>, fc.Arbitrary<unknown>>([
    [types.COUNT as never, fc.nat()],
    [types.POSITIVE as never, fc.integer({ min: 1 })],
    [types.SIZE as never, fc.oneof(fc.nat(), fc.constant(Number.POSITIVE_INFINITY))],
    [types.LIMIT as never, fc.oneof(fc.integer({ min: 1 }), fc.constant(Number.POSITIVE_INFINITY))],
    [types.NUMBER as never, fc.nat()],
    [types.MILLISECONDS as never, fc.nat()],
    [types.RATE as never, fc.constant('none')],
    [types.KEY as never, text.filter((word) => word !== 'true')],
    [
      types.TASK_OR_NAME as never,
      fc.oneof(
        fc.nat(),
        text.filter((word) => !/^\d+$/.test(word)),
      ),
    ],
    [types.DURATION as never, fc.integer({ min: 1 })],
    [types.STATE as never, fc.constantFrom('queued', 'running', 'ended')],
    [types.EVENT_TYPE as never, fc.constantFrom('task.ended', 'pool.closed')],
    [types.EVENT_TYPES_LIST as never, fc.subarray(['task.ended', 'pool.closed'], { minLength: 1 })],
    [types.MEASURE as never, fc.constantFrom('seq', 'time')],
    [types.ARRAY as never, fc.array(json)],
    [types.ARRAYS as never, fc.array(fc.array(json))],
    [types.OBJECT as never, object],
    [types.OBJECTS as never, fc.array(object)],
  ]);
  const valueFor = (type: types.ValueType<unknown> | undefined): fc.Arbitrary<unknown> =>
    type === undefined ? fc.constant(true) : (values.get(type as never) ?? text);

  const ofPositional = ({ type, takes }: Positional): fc.Arbitrary<unknown> => {
    if (takes === 'one') return valueFor(type);
    if (takes === 'optional') return fc.option(valueFor(type), { nil: undefined });
    return fc.array(valueFor(type), { minLength: takes === 'some' ? 1 : 0 });
  };
  const ofOption = ({ type }: Option): fc.Arbitrary<unknown> =>
    fc.option(valueFor(type), { nil: undefined });

  const call = fc.constantFrom(...Object.entries(COMMANDS)).chain(([key, typed]) => {
    const command = typed as unknown as Command;
    const args = {
      ...Object.fromEntries(command.positionals.map((one) => [one.name, ofPositional(one)])),
      ...Object.fromEntries(
        Object.entries(command.options).map(([name, one]) => [name, ofOption(one)]),
      ),
    };
    return fc.record({
      named: fc.constant({ name: dashed(key), command }),
      args: fc.record(args),
      optionsFirst: fc.boolean(),
      short: fc.boolean(),
      attached: fc.boolean(),
      quote: quoting,
    });
  });

  property([call], runs(500))('mean the same as words and as JSON', (made) => {
    const { named, args, optionsFirst, short, attached, quote } = made;
    const typed = (value: unknown, type?: types.ValueType<unknown>): string =>
      type === types.EVENT_TYPES_LIST
        ? String(value)
        : typeof value === 'string'
          ? quote(value)
          : value === Infinity
            ? 'Infinity'
            : JSON.stringify(value);
    const places = named.command.positionals.flatMap(({ name }) => {
      const value = args[name];
      const isMany =
        named.command.positionals.at(-1)?.takes.match(/some|any/) && Array.isArray(value);
      return (isMany ? (value as unknown[]) : value === undefined ? [] : [value]).map((one) =>
        typed(one),
      );
    });
    const options = Object.entries(named.command.options).flatMap(([name, { letter, type }]) => {
      const value = args[name];
      if (value === undefined) return [];
      const spelled = short ? `-${letter}` : `--${dashed(name)}`;
      if (type === undefined) return [spelled];
      if (attached) return [`${spelled}${short ? '' : '='}${typed(value, type)}`];
      return [spelled, typed(value, type)];
    });
    const isPlain = places.every((place) => /^["'[{\d\w]/.test(place));
    const separated = isPlain ? places : ['--', ...places];
    const line = (
      optionsFirst || !isPlain ? [...options, ...separated] : [...separated, ...options]
    ).join(' ');

    const request = JSON.parse(JSON.stringify(args)) as unknown;
    expect(
      argumentsFromWords(named, splitWords(line), (_, name) => name),
      line,
    ).toEqual(argumentsFromJson(named, request));
  });
});

describe('completion', () => {
  const line = fc.oneof(
    anyText(),
    fc
      .array(fc.oneof(fc.constantFrom(...Object.keys(COMMANDS).map(dashed), '-n', '--state'), text))
      .map((words) => words.join(' ')),
  );

  property([line], runs(200))(
    'offers what goes on with the last word of any line',
    async (line) => {
      const talk = new Talk(taskPool(), { format: 'json' });
      const [answer] = await talk.request({ command: 'complete', args: { line } });
      const { word, candidates } = (answer as Answer).value as {
        word: string;
        candidates: string[];
      };
      expect(line.endsWith(word)).toBe(true);
      for (const candidate of candidates) {
        expect(candidate.replaceAll(/^"|\\/g, '').startsWith(word)).toBe(true);
      }
    },
  );
});

describe('layout', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1 });

  property([words, fc.integer({ min: 20, max: 100 })], runs(200))(
    'fits, and loses nothing',
    (words, width) => {
      const lines = wrap(words.join(' '), width).split('\n');
      expect(lines.join(' ')).toBe(words.join(' '));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    },
  );

  property([anyText()], runs(200))('has nothing that a terminal obeys', (text) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
    expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(printableLine(text)).not.toMatch(/[\n\t]/);
  });
});
