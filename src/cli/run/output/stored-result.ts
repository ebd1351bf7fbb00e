/** What an item came to, as a journal keeps it: a result, or what a command printed. */

import type { Json, Outcome } from '../../../index.ts';
import { isInstance, isUint8Array } from '../../../kit/realms.ts';
import { chunksOf } from './byte-source.ts';
import { CommandOutput, type OutputStream } from './command-output.ts';
import { decodeBytes, type EncodedBytes, encodeBytes } from './encoded-bytes.ts';
import { summaryOf } from './messages.ts';
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

/** The form in which a journal holds what an item came to. */
type StoredResult = { readonly result: Json } | StoredOutput;

/** What a command printed, where that is too long for one report: the next of it. */
type StoredPart = { readonly part: readonly StoredPiece[] };

/** What one report holds at the most of what a command printed, in bytes. */
const PART = 512 * 1024;

/** What an item came to, for the journal: parts that are reported one by one, and what comes last. */
export interface StoredForm {
  /** None, unless a command has printed too much for one event. */
  readonly parts: Iterable<Json>;
  readonly last: StoredResult;
}

/** @throws ResultError for what JSON cannot hold. */
export function storedResult(value: unknown): StoredForm {
  if (isInstance(value, CommandOutput)) return storedOutput(value, (output) => ({ output }));
  if (isUint8Array(value)) return storedResult(outputOf(value));
  const text = jsonOf(value);
  const result = typeof value === 'string' ? value : (JSON.parse(text) as Json);
  return { parts: [], last: { result } };
}

/** The same of what a command printed before it failed. */
export function storedFailure(output: CommandOutput): StoredForm {
  return storedOutput(output, (stored) => ({ output: stored, failed: true }));
}

function storedOutput(
  output: CommandOutput,
  form: (output: StoredOutput['output']) => StoredOutput,
): StoredForm {
  if (output.length <= PART) return { parts: [], last: form(encoded(output)) };
  return { parts: partsOf(output), last: form([]) };
}

function* partsOf(output: CommandOutput): Generator<Json> {
  for (const { stream, data } of output.pieces) {
    for (const chunk of chunksOf(data)) {
      for (const bytes of parts(chunk)) yield { part: [{ stream, ...encodeBytes(bytes) }] };
    }
  }
}

/** Cut where no character begins, if it is UTF-8: what is no text takes more room. */
function* parts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + PART, bytes.length);
    if (end < bytes.length) {
      const soonest = end - LONGEST_CHARACTER;
      while (end > soonest && ((bytes[end] ?? 0) & CONTINUES_MASK) === CONTINUES) end--;
    }
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Bytes of UTF-8 that continue a character begin with the bits 10. */
const CONTINUES_MASK = 0xc0;
const CONTINUES = 0x80;
/** Bytes, less one. */
const LONGEST_CHARACTER = 3;

/** A result that a journal holds. */
export type KeptResult =
  | { readonly result: Json }
  | { readonly output: StoredOutput['output'] | CommandOutput; readonly failed?: true };

/**
 * What a journal says of the result of a task: what it has reported, and what the pool has kept with its
 * end. Earlier versions had everything reported, the result too.
 */
export class ReportedResult {
  /** There if it has come in parts. */
  #parts: CommandOutput | undefined = undefined;
  #last: StoredResult | undefined = undefined;

  /** Takes a report of the task; it may be one of its own, and about something else. */
  take(report: Json): void {
    if (isStored(report)) this.#last = report;
    else if (typeof report !== 'object' || report === null) return;
    else if (isStoredPart(report)) {
      this.#parts ??= new CommandOutput();
      for (const piece of report.part) takePiece(this.#parts, piece);
    } else if ('attempt' in report) this.forget();
  }

  /** It is begun anew, or its attempt has failed and another one follows. */
  forget(): void {
    this.#parts = undefined;
    this.#last = undefined;
  }

  /** What came of the task, where that is known. @param value what the pool has kept. */
  resultOf(outcome: Outcome, value?: Json): KeptResult | undefined {
    const last = isStored(value) ? value : this.#last;
    if (last === undefined) return undefined;
    const isFailed = 'failed' in last;
    if (isFailed !== (outcome !== 'fulfilled')) return undefined;
    return this.#parts === undefined || 'result' in last ? last : { ...last, output: this.#parts };
  }
}

function isStoredPart(report: object): report is StoredPart {
  return 'part' in report && Array.isArray(report.part);
}

function isStored(report: Json | undefined): report is StoredResult {
  return (
    typeof report === 'object' && report !== null && ('result' in report || 'output' in report)
  );
}

/** What is said of an item that was cancelled, and so has no error. */
export const CANCELLED = 'cancelled';

/** An item that ended, out of a journal. */
export interface EndedItem {
  readonly item: unknown;
  readonly result: KeptResult;
  /** What it failed with. */
  readonly error?: { readonly message: string } | undefined;
}

/** What was printed when the item ended. */
export function printedAgain({ item, result, error }: EndedItem, format: ResultFormat): Printout {
  if ('result' in result) return printed(result.result, item, format);
  const output = decoded(result.output);
  if (result.failed !== true) return printed(output, item, format);
  return printedFailure(output, item, format, error === undefined ? CANCELLED : summaryOf(error));
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

function decoded(stored: StoredOutput['output'] | CommandOutput): CommandOutput {
  if (isInstance(stored, CommandOutput)) return stored;
  const pieces =
    typeof stored === 'string' ? [{ stream: 'stdout' as const, text: stored }] : stored;
  const output = new CommandOutput();
  for (const piece of pieces) takePiece(output, piece);
  return output;
}

function takePiece(output: CommandOutput, { stream, ...bytes }: StoredPiece): void {
  output.take(stream, decodeBytes(bytes));
}
