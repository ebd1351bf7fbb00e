/** Logs what blocks calls (Redis does not answer, no worker serves a function), once per occurrence. */

// Imported, since tests may replace the global timers.
import { clearInterval, setInterval } from 'node:timers';
import type { ClusterLogger } from './options.ts';

/** Milliseconds of trouble before it is logged. */
const PATIENCE = 5000;
/** Milliseconds for which the same message is not repeated. */
const SAID = 60_000;
/** The maximum number of remembered messages. */
const MOST_SAID = 1000;
/** Milliseconds between two checks whether Redis has answered. */
const LOOK = 1000;
/** The message while a connection is open and nothing arrives. */
const SILENT = 'it does not answer';

export class Trouble {
  /** The address of Redis. */
  where = 'of the cluster';
  readonly #name: string;
  readonly #logger: ClusterLogger;
  #hasAnswered = false;
  #awaySince: number | undefined = undefined;
  #awayMessage = '';
  #hasSaidAway = false;
  readonly #saidUnserved = new Set<string>();
  #unserved = new Map<string, number>();
  /** When each message was last logged. */
  readonly #said = new Map<string, number>();

  constructor(name: string, logger: ClusterLogger) {
    this.#name = name;
    this.#logger = logger;
  }

  /** Redis cannot be reached. @param ms for how long already. */
  away(message: string, ms = 0): void {
    const now = performance.now();
    this.#awaySince ??= now - ms;
    this.#awayMessage = message;
    // Before the first answer, a refused connection is more likely a wrong address than an outage that will pass.
    const patience = this.#hasAnswered || message === SILENT ? PATIENCE : 0;
    if (this.#hasSaidAway || now - this.#awaySince < patience) return;
    this.#hasSaidAway = true;
    this.#logger.warn(`cluster ${this.#name}: ${this.awayText}`);
  }

  /** Monitors an awaited answer, since Redis may accept connections without answering. With it, the trouble is over. */
  async during<T>(answer: Promise<T>): Promise<T> {
    const since = performance.now();
    const timer = setInterval(() => {
      this.away(this.#awayMessage || SILENT, performance.now() - since);
    }, LOOK);
    timer.unref();
    try {
      const answered = await answer;
      this.over();
      return answered;
    } finally {
      clearInterval(timer);
    }
  }

  /** Redis answers again. */
  over(): void {
    if (this.#hasSaidAway) {
      this.#logger.warn(`cluster ${this.#name}: Redis ${this.where} answers again`);
    }
    this.#hasAnswered = true;
    this.#hasSaidAway = false;
    this.#awaySince = undefined;
    this.#awayMessage = '';
    for (const name of this.#saidUnserved) {
      if (!this.#unserved.has(name)) this.#saidUnserved.delete(name);
    }
    this.#unserved = new Map();
  }

  /** The message about an outage; undefined if there is none. */
  get awayText(): string | undefined {
    if (this.#awaySince === undefined) return undefined;
    const seconds = Math.round((performance.now() - this.#awaySince) / 1000);
    const what = seconds === 0 ? 'cannot be reached' : `has not answered for ${seconds} s`;
    return `Redis ${this.where} ${what}: ${this.#awayMessage}`;
  }

  /** Logs a failure that may occur repeatedly. */
  failed(message: string): void {
    const now = performance.now();
    if (now - (this.#said.get(message) ?? Number.NEGATIVE_INFINITY) < SAID) return;
    if (this.#said.size >= MOST_SAID) this.#said.clear();
    this.#said.set(message, now);
    this.#logger.warn(message);
  }

  /** No worker has served a function. @param ms for how long already. */
  unserved(functionName: string, ms: number): void {
    this.#unserved.set(functionName, ms);
    if (ms < PATIENCE || this.#saidUnserved.has(functionName)) return;
    this.#saidUnserved.add(functionName);
    const seconds = Math.round(ms / 1000);
    this.#logger.warn(
      `cluster ${this.#name}: no worker has served ${functionName} for ${seconds} s`,
    );
  }
}
