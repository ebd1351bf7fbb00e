/** A session in plain text: each line is a command, and its output is the answer. */

import type { PoolEvent } from '../../index.ts';
import { summarizeError } from '../../printable/error.ts';
import { printable, printableLine } from '../../printable/text.ts';
import { type Call, readCommandLine } from '../arguments/command-line.ts';
import { givenUp, tooLong } from '../complaints.ts';
import { Dispatcher } from '../dispatcher.ts';
import { printEvent } from '../printing/print.ts';
import type { Session, SessionOutput, SessionSettings } from './session.ts';
import { forAll } from './shared-event.ts';

const NOTHING: () => void = () => {};

export class TextSession implements Session {
  readonly #dispatcher: Dispatcher;
  readonly #output: SessionOutput;
  readonly #maxAnswer: number;
  readonly #waiting = new AbortController();
  #ended = false;
  /** Ends the running `watch`. */
  #endStream: () => void = NOTHING;
  /** Settles when the last line has been answered. */
  #received: Promise<void> = Promise.resolve();
  /** Settles when the last `watch` has ended. */
  #streamed: Promise<void> = Promise.resolve();

  constructor(options: SessionSettings) {
    this.#dispatcher = new Dispatcher(options);
    this.#output = options.output;
    this.#maxAnswer = options.maxAnswer;
  }

  get isOver(): boolean {
    return this.#dispatcher.isOver || this.#ended;
  }

  greet(): void {
    this.#answer(printableLine(this.#dispatcher.poolName));
  }

  receive(line: string): Promise<void> {
    this.#received = this.#take(line);
    return this.#received;
  }

  async #take(line: string): Promise<void> {
    await this.#stopStreaming();
    if (this.isOver) return;
    if (line.trim() === '') {
      this.#answer('');
      return;
    }
    try {
      const call = readCommandLine(line, this.#dispatcher.lookup);
      if (call.named.command.streams) this.#stream(call);
      else await this.#run(call, this.#waiting.signal);
    } catch (error) {
      this.#answer(summarizeError(error).message);
    }
  }

  async refuse(error: unknown): Promise<void> {
    await this.#stopStreaming();
    this.#answer(summarizeError(error).message);
  }

  stopWaiting(): void {
    this.#waiting.abort(givenUp());
    this.#endStream();
  }

  async settled(): Promise<void> {
    await this.#received;
    await this.#streamed;
  }

  end(): void {
    this.#ended = true;
    this.stopWaiting();
  }

  async #run({ named, args }: Call, signal: AbortSignal): Promise<void> {
    const emit = NOTHING;
    const value = await this.#dispatcher.run(named, args, { signal, emit });
    const text = named.command.print(value, args);
    this.#answer(typeof text === 'string' ? text : await text);
  }

  /** Streams events until the next line. The answer is sent first, so that only events follow. */
  #stream({ named, args }: Call): void {
    const controller = new AbortController();
    if (this.#waiting.signal.aborted) controller.abort();
    this.#endStream = () => controller.abort();
    this.#answer('watching; the next line ends it');
    const { signal } = controller;
    const emit = (event: PoolEvent) => this.#output.event(lineOf(event));
    this.#streamed = this.#dispatcher.run(named, args, { signal, emit }).then(
      () => {},
      (error: unknown) => this.#answer(summarizeError(error).message),
    );
  }

  #stopStreaming(): Promise<void> {
    this.#endStream();
    this.#endStream = NOTHING;
    return this.#streamed;
  }

  #answer(text: string): void {
    if (this.#ended) return;
    const line = toLine(text);
    const isTooLong = line.length > this.#maxAnswer;
    this.#output.answer(
      isTooLong ? toLine(summarizeError(tooLong(this.#maxAnswer)).message) : line,
    );
  }
}

const lineOf = forAll((event) => `${printEvent(event)}\n`);

function toLine(text: string): string {
  return `${printable(text)}\n`;
}
