/** Says what keeps calls from going on, once each time: that Redis is away, that no worker is there. */

// Not the global ones, which a test may have replaced.
import { clearInterval, setInterval } from 'node:timers';
import type { ClusterLogger } from './options.ts';

/** Milliseconds after which it is said. */
const PATIENCE = 5000;
/** Milliseconds for which what was said once is not said again. */
const SAID = 60_000;
/** As many are remembered. */
const MOST_SAID = 1000;
/** Milliseconds between two looks at whether Redis has answered. */
const LOOK = 1000;

export class Trouble {
  /** Which Redis it is. */
  where = 'of the cluster';
  readonly #name: string;
  readonly #logger: ClusterLogger;
  #awaySince: number | undefined = undefined;
  #awayMessage = '';
  #hasSaidAway = false;
  readonly #saidUnserved = new Set<string>();
  #unserved = new Map<string, number>();
  /** What has failed, and when that was said. */
  readonly #said = new Map<string, number>();

  constructor(name: string, logger: ClusterLogger) {
    this.#name = name;
    this.#logger = logger;
  }

  /** Redis cannot be reached, for so long already. */
  away(message: string, ms = 0): void {
    const now = performance.now();
    this.#awaySince ??= now - ms;
    this.#awayMessage = message;
    if (this.#hasSaidAway || now - this.#awaySince < PATIENCE) return;
    this.#hasSaidAway = true;
    this.#logger.warn(`cluster ${this.#name}: ${this.awayText}`);
  }

  /** While Redis is waited for, which may accept connections and say nothing. */
  async during<T>(answer: Promise<T>): Promise<T> {
    const since = performance.now();
    const timer = setInterval(() => {
      this.away(this.#awayMessage || 'it does not answer', performance.now() - since);
    }, LOOK);
    timer.unref();
    try {
      return await answer;
    } finally {
      clearInterval(timer);
    }
  }

  /** Redis answers. */
  over(): void {
    if (this.#hasSaidAway) {
      this.#logger.warn(`cluster ${this.#name}: Redis ${this.where} answers again`);
    }
    this.#hasSaidAway = false;
    this.#awaySince = undefined;
    this.#awayMessage = '';
    for (const name of this.#saidUnserved) {
      if (!this.#unserved.has(name)) this.#saidUnserved.delete(name);
    }
    this.#unserved = new Map();
  }

  /** What to say of a Redis that is away; undefined if it is there. */
  get awayText(): string | undefined {
    if (this.#awaySince === undefined) return undefined;
    const seconds = Math.round((performance.now() - this.#awaySince) / 1000);
    return `Redis ${this.where} has not answered for ${seconds} s: ${this.#awayMessage}`;
  }

  /** Something has failed, as it may do again and again. */
  failed(message: string): void {
    const now = performance.now();
    if (now - (this.#said.get(message) ?? Number.NEGATIVE_INFINITY) < SAID) return;
    if (this.#said.size >= MOST_SAID) this.#said.clear();
    this.#said.set(message, now);
    this.#logger.warn(message);
  }

  /** No one serves a function, for so long already. */
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
