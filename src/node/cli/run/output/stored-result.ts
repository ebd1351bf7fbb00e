/** What an item came to, as a journal keeps it: a result, or what a command printed. */

import type { Json, Outcome } from '../../../../index.ts';
import { isUint8Array } from '../../../../kit/realms.ts';
import { CommandOutput, type OutputStream } from './command-output.ts';
import { decodeBytes, type EncodedBytes, encodeBytes } from './encoded-bytes.ts';
import type { Printout } from './printout.ts';
import { jsonOf, printed, printedFailure, type ResultFormat } from './result-format.ts';

/** What came on one stream before anything came on the other one. */
type StoredPiece = EncodedBytes & { readonly stream: OutputStream };

type StoredOutput = {
  /** All that a command printed; a text if it printed UTF-8 on stdout and nothing on stderr. */
  readonly output: string | readonly StoredPiece[];
  /** Whether it failed all the same. */
  readonly failed?: true;
};

/** The form in which a task reports its result. */
export type StoredResult = { readonly result: Json } | StoredOutput;

/** @throws ResultError for what JSON cannot hold. */
export function storedResult(value: unknown): StoredResult {
  if (value instanceof CommandOutput) return storedOutput(value);
  if (isUint8Array(value)) return storedOutput(outputOf(value));
  const text = jsonOf(value);
  return { result: typeof value === 'string' ? value : (JSON.parse(text) as Json) };
}

export function storedOutput(output: CommandOutput): StoredOutput {
  return { output: encoded(output) };
}

/** What a command printed before it failed. */
export function storedFailure(output: CommandOutput): StoredOutput {
  return { ...storedOutput(output), failed: true };
}

/** What a task that ended reported last, if that is what came of it, and not something of its own. */
export function resultIn(progress: Json | undefined, outcome: Outcome): StoredResult | undefined {
  if (!isStoredResult(progress)) return undefined;
  const isFailed = 'failed' in progress;
  return isFailed === (outcome !== 'fulfilled') ? progress : undefined;
}

export function isStoredResult(progress: Json | undefined): progress is StoredResult {
  if (typeof progress !== 'object' || progress === null) return false;
  return 'result' in progress || 'output' in progress;
}

/** What is said of an item that was cancelled, and so has no error. */
export const CANCELLED = 'cancelled';

/** An item that ended, out of a journal. */
export interface EndedItem {
  readonly item: unknown;
  readonly result: StoredResult;
  /** What it failed with. */
  readonly error?: { readonly message: string } | undefined;
}

/** What was printed when the item ended. */
export function printedAgain({ item, result, error }: EndedItem, format: ResultFormat): Printout {
  if ('result' in result) return printed(result.result, item, format);
  const output = decoded(result.output);
  if (result.failed !== true) return printed(output, item, format);
  return printedFailure(output, item, format, error?.message ?? CANCELLED);
}

/** What a function returned as bytes counts as what a command printed. */
function outputOf(bytes: Uint8Array): CommandOutput {
  const output = new CommandOutput();
  output.take('stdout', bytes);
  return output;
}

function encoded(output: CommandOutput): StoredOutput['output'] {
  const pieces = output.stretches().map(({ stream, data }) => ({ stream, ...encodeBytes(data) }));
  const [first = { stream: 'stdout', text: '' }] = pieces;
  const isPlain = pieces.length <= 1 && first.stream === 'stdout' && first.encoding === undefined;
  return isPlain ? first.text : pieces;
}

function decoded(stored: StoredOutput['output']): CommandOutput {
  const pieces =
    typeof stored === 'string' ? [{ stream: 'stdout' as const, text: stored }] : stored;
  const output = new CommandOutput();
  for (const { stream, ...piece } of pieces) output.take(stream, decodeBytes(piece));
  return output;
}
