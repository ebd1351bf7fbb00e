/** How the result of an item is printed, and how it is kept in a journal. */

import type { Json } from '../../../../index.ts';
import { isError, isUint8Array } from '../../../../kit/realms.ts';

/** The work has given something that cannot be printed. */
class ResultError extends Error {
  override readonly name = 'ResultError';
}

/** How results are printed. */
export interface ResultFormat {
  /** Print texts as they are, in place of JSON. */
  readonly raw: boolean;
  /** Print each result together with its item. */
  readonly withItem: boolean;
}

/** A result in the form a journal keeps: what a function returned, or what a command printed. */
export type StoredResult = { readonly result: Json } | { readonly output: string };

/** @throws ResultError for what JSON cannot hold. */
export function storedResult(value: unknown): StoredResult {
  if (isUint8Array(value)) return { output: Buffer.from(value).toString('utf8') };
  const text = jsonOf(value);
  return { result: typeof value === 'string' ? value : (JSON.parse(text) as Json) };
}

/** Whether what a task reported last is its result. */
export function isStoredResult(progress: Json | undefined): progress is StoredResult {
  if (typeof progress !== 'object' || progress === null) return false;
  return 'result' in progress || 'output' in progress;
}

/**
 * What is printed for a result. The output of a command counts as a text, as JSON without its last
 * line break.
 *
 * @throws ResultError for what JSON cannot hold.
 */
export function printed(value: unknown, item: unknown, format: ResultFormat): string | Uint8Array {
  if (format.raw && isUint8Array(value)) return value;
  const plain = isUint8Array(value) ? textOfOutput(value) : value;
  if (format.raw && typeof plain === 'string') return `${plain}\n`;
  const text = jsonOf(plain);
  return format.withItem ? `{"item":${JSON.stringify(item)},"result":${text}}\n` : `${text}\n`;
}

/** The same for a result out of a journal. */
export function printedAgain(
  stored: StoredResult,
  item: unknown,
  format: ResultFormat,
): string | Uint8Array {
  return printed('output' in stored ? Buffer.from(stored.output) : stored.result, item, format);
}

function textOfOutput(output: Uint8Array): string {
  const text = Buffer.from(output.buffer, output.byteOffset, output.byteLength).toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** As `JSON.stringify`; what has no JSON, such as nothing at all, is null. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    const why = isError(error) ? error.message : String(error);
    throw new ResultError(`expected a result that JSON can hold: ${why}`);
  }
}
