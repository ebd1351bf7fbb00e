/** A session without a socket: lines in, its output out. */

import type { BasePool } from 'xstate-taskpool';
import { openSession, type Session, type SessionOptions } from 'xstate-taskpool/control';

type TalkOptions = Omit<SessionOptions, 'pools' | 'output'>;

/** A JSON answer, or an event. */
export interface Answer {
  readonly id?: string | number;
  readonly ok?: boolean;
  readonly value?: unknown;
  readonly text?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly event?: { readonly type: string; readonly seq: number };
}

export class Talk {
  readonly session: Session;
  /** The output that was not taken yet. */
  #sent: { readonly text: string; readonly isEvent: boolean }[] = [];

  constructor(pools: BasePool | readonly BasePool[], options: TalkOptions = {}) {
    const send = (isEvent: boolean) => (text: string) => {
      this.#sent.push({ text, isEvent });
    };
    this.session = openSession({
      pools: Array.isArray(pools) ? pools : [pools as BasePool],
      output: { answer: send(false), event: send(true) },
      ...options,
    });
  }

  /** Takes the output since the last call. */
  take(): string[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent.map(({ text }) => text);
  }

  /** The same without events. */
  takeAnswers(): string[] {
    this.#sent = this.#sent.filter(({ isEvent }) => !isEvent);
    return this.take();
  }

  /** Sends a line; resolves with its answer, without the newline at its end. */
  async ask(line: string): Promise<string> {
    this.take();
    await this.session.receive(line);
    return this.take().join('').replace(/\n$/, '');
  }

  /** Sends requests; resolves with the answers once all have arrived. */
  async request(...requests: readonly (object | string)[]): Promise<Answer[]> {
    this.take();
    for (const request of requests) {
      await this.session.receive(typeof request === 'string' ? request : JSON.stringify(request));
    }
    await this.session.settled();
    return this.answers();
  }

  /** Takes the output since the last call, parsed. */
  answers(): Answer[] {
    return this.take().map((line) => JSON.parse(line) as Answer);
  }
}
