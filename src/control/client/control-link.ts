/** A client that stays connected: it connects again when the connection is lost. */

import type { Json, PoolEvent } from '../../index.ts';
import { checkCallback, checkText } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { printableValue } from '../../printable/value.ts';
import { checkToken } from '../check-token.ts';
import type { CommandKey } from '../table.ts';
import { CommandRefused, ConnectionLost } from './errors.ts';
import { type Asked, Exchange, type OnEvent, type Request } from './exchange.ts';
import { LastingWatch, type Reconnecting } from './lasting-watch.ts';
import { type Lines, type OpenLines, webSocketLines } from './lines.ts';
import { type Greeting, greetingIn, valueIn } from './protocol.ts';
import type { AnswerOf, ArgumentsOf } from './types.ts';
import type { WatchArguments } from './watch.ts';

/** Where to connect to. */
export interface ControlLinkOptions {
  /**
   * The WebSocket of a dashboard server: `ws://127.0.0.1:8080/socket`; or what connects otherwise. Of
   * several, the next one is tried whenever a connection is lost or is not established: the servers of
   * machines of which one continues what another one leaves.
   */
  readonly connect: string | OpenLines | readonly (string | OpenLines)[];
  /** What the server knows its clients by. */
  readonly token?: string;
  /** The pool that commands concern, by its name. Default: the first one of the server. */
  readonly pool?: string;
  /** Called whenever {@link ControlLink.status} has changed. */
  readonly onStatus?: (link: ControlLink) => void;
}

/**
 * Whether there is a connection: not yet, or not again; yes; or never more: after `close()`, or since
 * the server does not take this client.
 */
export type LinkStatus = 'connecting' | 'connected' | 'closed';

const OPTIONS = new OptionBag<ControlLinkOptions>({
  connect: ['url', 'address'],
  token: [checkToken, 'password', 'secret', 'auth'],
  pool: [checkText],
  onStatus: [checkCallback, 'onChange'],
});

/** Milliseconds before the first attempt to connect again; doubled after each that fails. */
const FIRST_DELAY = 250;
const LONGEST_DELAY = 5000;

export class ControlLink implements Reconnecting {
  readonly #options: ControlLinkOptions;
  readonly #open: OpenLines;
  #status: LinkStatus = 'connecting';
  #greeting: Greeting | undefined = undefined;
  #uid: string | undefined = undefined;
  #failure: Error | undefined = undefined;
  #lines: Lines | undefined = undefined;
  #exchange = new Exchange(() => {});
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  readonly #waiting: (() => void)[] = [];

  /** Begins to connect. @throws TypeError for invalid options. */
  constructor(options: ControlLinkOptions) {
    OPTIONS.check('new ControlLink()', options);
    const { connect } = options;
    const places: readonly unknown[] = Array.isArray(connect) ? connect : [connect];
    const wrong = places.find((place) => typeof place !== 'string' && typeof place !== 'function');
    if (places.length === 0 || wrong !== undefined) {
      throw new TypeError(
        `expected connect to be a URL or a function, or some of them, got ${printableValue(connect)}`,
      );
    }
    this.#options = options;
    this.#open = inTurn(places as readonly (string | OpenLines)[]);
    this.#connect();
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** What the server said first; undefined before the first connection. */
  get greeting(): Greeting | undefined {
    return this.#greeting;
  }

  /** Why it is closed, or why the last attempt to connect has failed. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The pool that commands concern: `TaskPool-0`; undefined before the first connection. */
  get pool(): string | undefined {
    return this.#options.pool ?? this.#greeting?.pool;
  }

  /**
   * What tells the pool from every other, of the same name too; undefined before the first connection, and
   * of servers that do not say. It changes when another program answers under the same address.
   */
  get uid(): string | undefined {
    return this.#uid;
  }

  /** Resolves once it is connected. Rejects with the reason if it is closed. */
  async connected(): Promise<Greeting> {
    while (this.#status === 'connecting') await this.#changed();
    if (this.#status === 'connected') return this.#greeting as Greeting;
    throw this.#failure ?? new ConnectionLost('the connection was closed here');
  }

  /**
   * Runs a command of the table, with its arguments by name. The answer is what its JSON says: `null`
   * stands for no limit.
   *
   * @throws CommandRefused if the server says no; ConnectionLost if there is no connection, or none any
   * more before the answer: no one knows then whether the command was run.
   */
  async request<K extends CommandKey>(
    command: K,
    args: ArgumentsOf<K> = {} as ArgumentsOf<K>,
  ): Promise<AnswerOf<K>> {
    const name = command.replaceAll(/[A-Z]/g, '-$&').toLowerCase();
    const answer = await this.ask({ command: name, args: { ...args } }).answer;
    return valueIn(answer) as AnswerOf<K>;
  }

  /**
   * Runs a command line as a person types it.
   *
   * @returns the answer as JSON, and as a person reads it.
   * @throws as {@link request}
   */
  async line(line: string): Promise<{ readonly value: Json; readonly text: string }> {
    const answer = await this.ask({ line }).answer;
    return { value: valueIn(answer), text: answer.ok ? (answer.text ?? '') : '' };
  }

  /**
   * Events, from now on or from those after `since` on. The loop survives the loss of a connection, and
   * misses no event and gets none twice. It ends with the pool, `break` or `close()`.
   *
   * @throws in the loop CommandRefused: with code `StorePruned` if the server no longer holds the events
   * that were missed, and `AnotherPool` if another pool is there now, of a program that was started anew for
   * instance. Then begin anew, with `state` and the events after it.
   */
  watch(args: WatchArguments = {}): AsyncIterableIterator<PoolEvent> {
    return new LastingWatch(this, args);
  }

  /** Ends the connection for good; calls without an answer reject. */
  close(): void {
    this.#end(undefined);
  }

  /** @internal */
  ask(asked: Asked, onEvent?: OnEvent): Request {
    if (this.#status === 'connected') return this.#exchange.request(asked, onEvent);
    const loss = new ConnectionLost('expected a connection, there is none at the moment');
    return { answer: Promise.reject(loss), abort: () => {} };
  }

  #connect(): void {
    let isOver = false;
    let isGreeted = false;
    let lines: Lines;
    const exchange = new Exchange((line) => lines.send(line));
    const lost = (reason: string) => {
      if (isOver) return;
      isOver = true;
      const loss = new ConnectionLost(`lost the connection: ${reason}`);
      exchange.lose(loss);
      if (this.#status === 'closed') return;
      this.#failure = loss;
      this.#connectLater();
    };
    lines = this.#open({
      opened: () => {
        const { token } = this.#options;
        lines.send(JSON.stringify({ format: 'json', ...(token === undefined ? {} : { token }) }));
      },
      line: (line) => {
        if (isOver) return;
        try {
          if (isGreeted) exchange.receive(line);
          else this.#greeted(greetingIn(line), exchange);
          isGreeted = true;
        } catch (error) {
          // One that is refused need not come again; one that speaks another protocol neither.
          isOver = true;
          this.#end(error as Error);
        }
      },
      closed: lost,
    });
    this.#lines = lines;
  }

  #greeted(greeting: Greeting, exchange: Exchange): void {
    this.#greeting = greeting;
    this.#uid = greeting.uids[greeting.pools.indexOf(this.pool ?? '')];
    this.#exchange = exchange;
    this.#failures = 0;
    this.#failure = undefined;
    const { pool } = this.#options;
    if (pool === undefined || pool === greeting.pool) this.#change('connected');
    else void this.#use(pool, exchange);
  }

  /** Turns to a pool before anything else is asked: nothing may be done to another one. */
  async #use(pool: string, exchange: Exchange): Promise<void> {
    try {
      const answer = await exchange.request({ command: 'use', args: { pool } }).answer;
      if (this.#exchange !== exchange || this.#status === 'closed') return;
      if (answer.ok) this.#change('connected');
      else this.#end(new CommandRefused(answer.error.code, answer.error.message));
    } catch {
      // The connection was lost: it is established again.
    }
  }

  #connectLater(): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures++);
    // Not all clients of a server that comes back at the same moment.
    this.#timer = setTimeout(() => this.#connect(), delay * (0.75 + Math.random() / 4));
    this.#change('connecting');
  }

  #end(failure: Error | undefined): void {
    if (this.#status === 'closed') return;
    clearTimeout(this.#timer);
    this.#failure = failure;
    this.#exchange.isClosing = true;
    this.#change('closed');
    this.#lines?.close();
    this.#exchange.lose(new ConnectionLost(failure?.message ?? 'the connection was closed here'));
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #change(status: LinkStatus): void {
    this.#status = status;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#options.onStatus?.(this);
  }
}

/** Each connection is to the next place. */
function inTurn(places: readonly (string | OpenLines)[]): OpenLines {
  const ways = places.map((place) => (typeof place === 'string' ? webSocketLines(place) : place));
  let next = 0;
  return (listener) => (ways[next++ % ways.length] as OpenLines)(listener);
}
