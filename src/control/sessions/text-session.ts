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
      if (call.named.command.streams) await this.#stream(call);
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

  /**
   * Streams events until the next line. Only events follow the answer, so it is sent when nothing refuses the command
   * any more; resolves then.
   */
  #stream({ named, args }: Call): Promise<void> {
    const controller = new AbortController();
    if (this.#waiting.signal.aborted) controller.abort();
    this.#endStream = () => controller.abort();
    return new Promise((resolve) => {
      let isStarted = false;
      const started = () => {
        if (!isStarted) this.#answer('watching; the next line ends it');
        isStarted = true;
        resolve();
      };
      const emit = (event: PoolEvent) => {
        started();
        this.#output.event(lineOf(event));
      };
      const fail = (error: unknown) => {
        this.#answer(summarizeError(error).message);
        resolve();
      };
      const { signal } = controller;
      const ran = this.#dispatcher.run(named, args, { signal, emit, started });
      this.#streamed = ran.then(started, fail);
    });
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
