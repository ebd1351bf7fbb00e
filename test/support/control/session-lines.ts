/** A session of the control interface as lines, without a socket; it may be cut off at any time. */

import type { BasePool } from 'xstate-taskpool';
import { openSession, type SessionOptions } from 'xstate-taskpool/control';
import type { LineListener, OpenLines } from 'xstate-taskpool/control/client';

export class SessionLines {
  readonly #pool: BasePool;
  readonly #options: Partial<SessionOptions>;
  #cut = (): void => {};
  /** How many sessions were opened. */
  opened = 0;

  constructor(pool: BasePool, options: Partial<SessionOptions> = {}) {
    this.#pool = pool;
    this.#options = options;
  }

  /** Ends the current connection as a network failure would. Everything sent before has arrived. */
  cut(): void {
    this.#cut();
  }

  readonly open: OpenLines = (listener: LineListener) => {
    this.opened++;
    let isOver = false;
    const send = (text: string) => {
      if (isOver) return;
      for (const line of text.split('\n')) if (line !== '') listener.line(line);
    };
    const output = { answer: send, event: send };
    const session = openSession({ pools: [this.#pool], format: 'json', ...this.#options, output });
    const end = () => {
      if (isOver) return;
      isOver = true;
      session.end();
      listener.closed('cut off');
    };
    this.#cut = end;
    let isFirst = true;
    queueMicrotask(() => listener.opened());
    return {
      send(line) {
        if (isFirst) session.greet();
        else void session.receive(line);
        isFirst = false;
      },
      close: end,
    };
  };
}
