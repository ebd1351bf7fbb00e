/** Prints the results and output of items, in order. */

import type { PlacedItem } from '../../journal/item-tasks.ts';
import type { RunHeader } from '../../journal/run-header.ts';
import type { ItemAttempt } from '../items/item-attempt.ts';
import type { EarlierRun } from '../journal/earlier-run.ts';
import { CommandOutput } from './command-output.ts';
import { LiveOutputs } from './live-output.ts';
import { AsCompleted, InOrder, type Order } from './order.ts';
import type { Outlets } from './outlets.ts';
import { partsOf } from './printout.ts';
import { formatAt, printed, printedFailure, type ResultFormat } from './result-format.ts';
import type { Sink } from './sink.ts';
import { printedAgain } from './stored-result.ts';

export class Printing {
  readonly order: Order;
  readonly #sink: Sink;
  readonly #format: ResultFormat;
  /** Set if output is printed while commands run. */
  readonly #live: LiveOutputs | undefined;

  /**
   * @param keeps whether live outputs are stored as well, for a journal.
   * @param onBroken called once, when nothing can be printed any more.
   */
  constructor(
    header: RunHeader,
    outlets: Outlets,
    earlier: EarlierRun,
    keeps: boolean,
    onBroken: (error: NodeJS.ErrnoException) => void,
  ) {
    const { results } = header;
    this.#format = results;
    this.#sink = outlets.openSink({
      onProgress: () => this.#resume(),
      onBroken: (error) => {
        this.#live?.resume();
        onBroken(error);
      },
    });
    this.order = orderOf(header, this.#sink, earlier);
    this.#live = results.live ? new LiveOutputs(this.#sink, results, keeps) : undefined;
  }

  /** Whether output is printed while commands run. */
  get isLive(): boolean {
    return this.#live !== undefined;
  }

  /** Creates the object that captures the output of an attempt. */
  newOutput({ index, item }: PlacedItem): CommandOutput {
    return this.#live === undefined ? new CommandOutput() : this.#live.make(item, index);
  }

  /**
   * Prints a result. Returns false if it is held back until earlier items are done.
   *
   * @throws ResultError for a value that is not JSON.
   */
  putResult({ index, item }: ItemAttempt, result: unknown): boolean {
    return this.order.put(index, printed(result, item, formatAt(this.#format, index)));
  }

  /**
   * Prints the output of a failed attempt. Returns false if it is held back.
   *
   * @param line about the failure: printed before the output of later items, and even if the output is held back;
   *   undefined if it is not certain yet how the item ends.
   */
  putFailure(attempt: ItemAttempt, message: string, line: string | undefined): boolean {
    const { index, item, output } = attempt;
    const printout =
      output.length === 0
        ? []
        : printedFailure(output, item, formatAt(this.#format, index), message);
    attempt.isPrinted = true;
    attempt.isReported = line !== undefined;
    if (line === undefined) return this.order.put(index, printout);
    if (this.order.isTurn(index)) {
      return this.order.put(index, [...partsOf(printout), { stream: 'stderr', data: line }]);
    }
    this.say(line);
    return this.order.put(index, printout);
  }

  /** Writes a line to stderr, after all results printed so far. */
  say(line: string): void {
    this.#sink.write([{ stream: 'stderr', data: line }]);
  }

  /** Resolves when everything printed so far is written; rejects when writing has failed. */
  flushed(): Promise<void> {
    return this.#sink.flushed();
  }

  #resume(): void {
    this.order.resume();
    this.#live?.resume();
  }
}

/** The order of printing, including printouts left over by earlier processes. */
function orderOf({ isOrdered, results }: RunHeader, sink: Sink, earlier: EarlierRun): Order {
  if (!isOrdered) return new AsCompleted(sink);
  const order = new InOrder(sink, earlier.turns);
  for (const [index, ended] of earlier.ended) {
    if (ended === undefined) order.skip(index);
    else order.put(index, printedAgain(ended, formatAt(results, index)));
  }
  return order;
}
