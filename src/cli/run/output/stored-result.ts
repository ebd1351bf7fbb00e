/** Converts results and output of commands to the form stored in a journal, and back. */

import type { Json, Outcome } from '../../../index.ts';
import { isInstance, isUint8Array } from '../../../kit/realms.ts';
import { chunksOf } from './byte-source.ts';
import { CommandOutput, type OutputStream } from './command-output.ts';
import { decodeBytes, type EncodedBytes, encodeBytes } from './encoded-bytes.ts';
import { summaryOf } from './messages.ts';
import type { Printout } from './printout.ts';
import { jsonOf, printed, printedFailure, type ResultFormat } from './result-format.ts';

/** Consecutive output of the same stream. */
type StoredPiece = EncodedBytes & { readonly stream: OutputStream };

type StoredOutput = {
  /** All output of a command; a string if it is UTF-8 on stdout only. */
  readonly output: string | readonly StoredPiece[];
  /** Whether the command failed. */
  readonly failed?: true;
};

/** The stored form of an outcome. */
type StoredResult = { readonly result: Json } | StoredOutput;

/** A part of an output that is too long for one report. */
type StoredPart = { readonly part: readonly StoredPiece[] };

/** The maximum size of the output in one report, in bytes. */
const PART = 512 * 1024;

/** The stored form: parts that are reported one by one, and the last one. */
export interface StoredForm {
  /** Empty unless the output is too long for one event. */
  readonly parts: Iterable<Json>;
  readonly last: StoredResult;
}

/**
 * @throws ResultError for a value that is not JSON.
 */
export function storedResult(value: unknown): StoredForm {
  if (isInstance(value, CommandOutput)) return storedOutput(value, (output) => ({ output }));
  if (isUint8Array(value)) return storedResult(outputOf(value));
  const text = jsonOf(value);
  const result = typeof value === 'string' ? value : (JSON.parse(text) as Json);
  return { parts: [], last: { result } };
}

/** The stored form of the output of a failed command. */
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

/** Splits bytes into parts, between characters if they are UTF-8. */
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

/** In UTF-8, bytes that continue a character begin with the bits 10. */
const CONTINUES_MASK = 0xc0;
const CONTINUES = 0x80;
/** The length of the longest character in bytes, minus one. */
const LONGEST_CHARACTER = 3;

/** A result stored in a journal. */
export type KeptResult =
  | { readonly result: Json }
  | { readonly output: StoredOutput['output'] | CommandOutput; readonly failed?: true };

/**
 * Collects the result of a task: its reports, and the value stored with its end. Tasks of earlier versions reported
 * everything, including the result.
 */
export class ReportedResult {
  /** Set if the output came in parts. */
  #parts: CommandOutput | undefined = undefined;
  #last: StoredResult | undefined = undefined;

  /** Takes a report of the task; reports of the function itself are ignored. */
  take(report: Json): void {
    if (isStored(report)) this.#last = report;
    else if (typeof report !== 'object' || report === null) return;
    else if (isStoredPart(report)) {
      this.#parts ??= new CommandOutput();
      for (const piece of report.part) takePiece(this.#parts, piece);
    } else if ('attempt' in report) this.forget();
  }

  /** Called when the task is started again, or its attempt has failed and a retry follows. */
  forget(): void {
    this.#parts = undefined;
    this.#last = undefined;
  }

  /** The result of the task, if it was stored. @param value the value stored with its end. */
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

/** The message of a cancelled item, which has no error. */
export const CANCELLED = 'cancelled';

/** An ended item, read from a journal. */
export interface EndedItem {
  readonly item: unknown;
  readonly result: KeptResult;
  /** The error of a failed item. */
  readonly error?: { readonly message: string } | undefined;
}

/** Formats an item as it was printed when it ended. */
export function printedAgain({ item, result, error }: EndedItem, format: ResultFormat): Printout {
  if ('result' in result) return printed(result.result, item, format);
  const output = decoded(result.output);
  if (result.failed !== true) return printed(output, item, format);
  return printedFailure(output, item, format, error === undefined ? CANCELLED : summaryOf(error));
}

/** Bytes returned by a function are treated like output of a command. */
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
