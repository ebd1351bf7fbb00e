/** Formats results for printing. */

import { isError, isInstance, isUint8Array } from '../../../kit/realms.ts';
import { printableJson } from '../../../printable/text.ts';
import { bytesOfText, holdsBytes } from '../work/byte-text.ts';
import type { Printable } from './byte-source.ts';
import { CommandOutput } from './command-output.ts';
import { encodeBytes } from './encoded-bytes.ts';
import { base64Of, isUtf8Source, jsonTextOf } from './long-result.ts';
import type { Printout, PrintPart } from './printout.ts';
import { type Tag, tagAt, tagged } from './tags.ts';

/** A result cannot be printed. */
export class ResultError extends Error {
  override readonly name = 'ResultError';
}

/** The format of results. */
export interface ResultFormat {
  /** Print strings verbatim instead of as JSON. */
  readonly raw: boolean;
  /** Print each result together with its item. */
  readonly withItem: boolean;
  /** Prefix each line with this and a tab. */
  readonly tag?: Tag;
  /** Print lines of commands while they run. */
  readonly live?: boolean;
}

/** The format of the item at an index. */
export function formatAt(format: ResultFormat, index: number): ResultFormat {
  return format.tag === undefined ? format : { ...format, tag: tagAt(format.tag, index) };
}

/**
 * Formats a result. The stdout of a command is formatted like a string, in JSON without its trailing line break;
 * bytes that are not UTF-8 become an object with base64.
 *
 * @throws ResultError for a value that is not JSON.
 */
export function printed(value: unknown, item: unknown, format: ResultFormat): Printout {
  const printout = untagged(value, item, format);
  return format.tag === undefined ? printout : tagged(printout, item, format.tag);
}

function untagged(value: unknown, item: unknown, format: ResultFormat): Printout {
  if (isInstance(value, CommandOutput)) return printedOutput(value, item, format);
  if (isUint8Array(value)) {
    return format.raw ? value : lineOf(fieldsOfBytes(value), item, format);
  }
  if (format.raw && typeof value === 'string') return `${value}\n`;
  const text = jsonOf(value);
  if (!format.withItem) return lineOfJson(text);
  return lineOfJson(`${JSON.stringify(fieldsOfItem(item)).slice(0, -1)},"result":${text}}`);
}

/**
 * Formats the output of a failed command, so that users see why it failed. Nothing is printed on stdout if the
 * command printed nothing there.
 *
 * @param message the error, printed together with the item.
 */
export function printedFailure(
  output: CommandOutput,
  item: unknown,
  format: ResultFormat,
  message: string,
): Printout {
  const printout = printedOutput(output, item, format, message);
  return format.tag === undefined ? printout : tagged(printout, item, format.tag);
}

function printedOutput(
  output: CommandOutput,
  item: unknown,
  format: ResultFormat,
  failure?: string,
): Printout {
  if (format.live === true) return '';
  if (format.raw) return output.pieces;
  const isEmpty = output.lengthOf('stdout') === 0;
  const parts: PrintPart[] = output.pieces.filter(({ stream }) => stream === 'stderr');
  if (failure !== undefined && isEmpty) return parts;
  const line = lineOfOutput(output, item, format, failure === undefined ? {} : { error: failure });
  return parts.length === 0 ? line : [{ stream: 'stdout', data: line }, ...parts];
}

function lineOfOutput(
  output: CommandOutput,
  item: unknown,
  format: ResultFormat,
  error: { readonly error?: string },
): Printable {
  if (!output.isSpilled) {
    return lineOf({ ...fieldsOfBytes(output.bytesOf('stdout')), ...error }, item, format);
  }
  const source = output.sourceOf('stdout');
  // A placeholder in the line for a result that is too long for a string.
  const standIn = crypto.randomUUID();
  const isText = isUtf8Source(source);
  const fields = { result: standIn, ...(isText ? {} : { encoding: 'base64' as const }) };
  const line = lineOf({ ...fields, ...error }, item, format);
  const [before = '', after = ''] = line.split(standIn);
  return {
    length: source.length,
    *chunks() {
      yield Buffer.from(before);
      yield* isText ? jsonTextOf(source) : base64Of(source);
      yield Buffer.from(after);
    },
  };
}

/** The fields of a result whose bytes are printed as JSON. */
interface ResultFields {
  readonly result: string;
  readonly encoding?: 'base64';
  readonly error?: string;
}

function fieldsOfBytes(bytes: Uint8Array): ResultFields {
  const { text, encoding } = encodeBytes(bytes);
  if (encoding !== undefined) return { result: text, encoding };
  return { result: text.endsWith('\n') ? text.slice(0, -1) : text };
}

function fieldsOfItem(item: unknown): { readonly item: unknown; readonly itemEncoding?: 'base64' } {
  if (typeof item !== 'string' || !holdsBytes(item)) return { item };
  return { item: bytesOfText(item).toString('base64'), itemEncoding: 'base64' };
}

function lineOf(fields: ResultFields, item: unknown, { withItem }: ResultFormat): string {
  if (withItem) return lineOfJson(JSON.stringify({ ...fieldsOfItem(item), ...fields }));
  const { result, encoding } = fields;
  return lineOfJson(JSON.stringify(encoding === undefined ? result : { result, encoding }));
}

/** The same data with control characters escaped, which a terminal would interpret. */
function lineOfJson(json: string): string {
  return `${printableJson(json)}\n`;
}

/** Like `JSON.stringify`, but null for values without JSON, such as undefined. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    const why = isError(error) ? error.message : String(error);
    throw new ResultError(`expected a result that JSON can hold: ${why}`);
  }
}
