/** What a run prints of its items, in which order. */

import type { RunHeader } from '../../journal/run-header.ts';
import type { ItemAttempt } from '../items/item-attempt.ts';
import type { EarlierRun } from '../journal/earlier-run.ts';
import { CommandOutput } from './command-output.ts';
import { LiveOutputs } from './live-output.ts';
import { AsCompleted, InOrder, type Order } from './order.ts';
import type { Outlets } from './outlets.ts';
import { printed, printedFailure, type ResultFormat } from './result-format.ts';
import type { Sink } from './sink.ts';
import { printedAgain } from './stored-result.ts';

export class Printing {
  readonly order: Order;
  readonly #sink: Sink;
  readonly #format: ResultFormat;
  /** There if what commands print is passed on while they run. */
  readonly #live: LiveOutputs | undefined;

  /**
   * @param keeps whether outputs that are passed on are kept besides, for a journal.
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
      onProgress: () => this.#poke(),
      onBroken: (error) => {
        this.#live?.poke();
        onBroken(error);
      },
    });
    this.order = orderOf(header, this.#sink, earlier);
    this.#live = results.live ? new LiveOutputs(this.#sink, results, keeps) : undefined;
  }

  /** Whether what commands print is printed while they run. */
  get isLive(): boolean {
    return this.#live !== undefined;
  }

  /** What takes the output of an attempt. */
  newOutput(item: unknown): CommandOutput {
    return this.#live === undefined ? new CommandOutput() : this.#live.make(item);
  }

  /**
   * Prints a result. False if it is held until those before it are done.
   *
   * @throws ResultError for what JSON cannot hold.
   */
  putResult({ index, item }: ItemAttempt, result: unknown): boolean {
    return this.order.put(index, printed(result, item, this.#format));
  }

  /** Prints what a command has printed before it failed. False if it is held. */
  putFailure(attempt: ItemAttempt, message: string): boolean {
    const { index, item, output } = attempt;
    attempt.isPrinted = true;
    if (output.length === 0) return this.order.skip(index);
    return this.order.put(index, printedFailure(output, item, this.#format, message));
  }

  /** Writes a line to stderr, after what is being printed. */
  say(line: string): void {
    this.#sink.write([{ stream: 'stderr', data: line }]);
  }

  /** Resolves when all that was printed is written; rejects when nothing can be any more. */
  flushed(): Promise<void> {
    return this.#sink.flushed();
  }

  #poke(): void {
    this.order.poke();
    this.#live?.poke();
  }
}

/** The order in which a run prints, with what earlier processes have left to be printed. */
function orderOf({ isOrdered, results }: RunHeader, sink: Sink, earlier: EarlierRun): Order {
  if (!isOrdered) return new AsCompleted(sink);
  const order = new InOrder(sink, earlier.turns);
  for (const [index, ended] of earlier.ended) {
    if (ended === undefined) order.skip(index);
    else order.put(index, printedAgain(ended, results));
  }
  return order;
}
