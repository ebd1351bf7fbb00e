/** A client of a control server that reconnects when the connection is lost. */

import type { Json, PoolEvent } from '../../index.ts';
import { checkCallback, checkText } from '../../kit/checks.ts';
import { OptionBag } from '../../kit/option-bag.ts';
import { printableValue } from '../../printable/value.ts';
import { checkToken } from '../check-token.ts';
import type { CommandKey } from '../table.ts';
import { CommandRefused, ConnectionLost } from './errors.ts';
import { type Asked, Exchange, type OnEvent, type Request } from './exchange.ts';
import { LastingWatch } from './lasting-watch.ts';
import { type Lines, type OpenLines, webSocketLines } from './lines.ts';
import { type Greeting, greetingIn, valueIn } from './protocol.ts';
import type { AnswerOf, ArgumentsOf } from './types.ts';
import type { WatchArguments } from './watch.ts';

/** The options of a {@link ControlLink}. */
export interface ControlLinkOptions {
  /**
   * The URL of a dashboard server's WebSocket, `ws://127.0.0.1:8080/socket`, or a function that opens a connection.
   * With several, the next one is tried whenever a connection is lost or cannot be established, for instance the
   * servers of machines that recover each other's pools.
   */
  readonly connect: string | OpenLines | readonly (string | OpenLines)[];
  /** The access token of the server. Default: none. */
  readonly token?: string;
  /** The pool to control, by its name. Default: the first one of the server. */
  readonly pool?: string;
  /** Called whenever {@link ControlLink.status} has changed. Default: none. */
  readonly onStatus?: (link: ControlLink) => void;
}

/**
 * The state of the connection: being established; established; or closed permanently, by `close()` or because the
 * server refused this client.
 */
export type LinkStatus = 'connecting' | 'connected' | 'closed';

const OPTIONS = new OptionBag<ControlLinkOptions>({
  connect: ['url', 'address'],
  token: [checkToken, 'password', 'secret', 'auth'],
  pool: [checkText],
  onStatus: [checkCallback, 'onChange'],
});

/** Milliseconds before the first attempt to reconnect; doubled after each failure, up to the longest delay. */
const FIRST_DELAY = 250;
const LONGEST_DELAY = 5000;

/** A client of a control server. It reconnects when the connection is lost, until it is closed or refused. */
export class ControlLink {
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

  /** Starts connecting. @throws TypeError for invalid options. */
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

  /** The greeting of the server; undefined before the first connection. */
  get greeting(): Greeting | undefined {
    return this.#greeting;
  }

  /** Why it is closed, or why the last attempt to connect failed. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The controlled pool, such as `TaskPool-0`; undefined before the first connection. */
  get pool(): string | undefined {
    return this.#options.pool ?? this.#greeting?.pool;
  }

  /**
   * The unique id of the pool, which differs even from that of a pool with the same name; undefined before the first
   * connection, and for servers that do not send it. It changes when another program answers at the same address.
   */
  get uid(): string | undefined {
    return this.#uid;
  }

  /** Resolves when connected. Rejects with the reason if it is closed. */
  async connected(): Promise<Greeting> {
    while (this.#status === 'connecting') await this.#changed();
    if (this.#status === 'connected') return this.#greeting as Greeting;
    throw this.#failure ?? new ConnectionLost('the connection was closed here');
  }

  /**
   * Runs a command of the table, with its arguments by name. The answer is JSON: `null` stands for no limit.
   *
   * @throws CommandRefused if the server refuses it; ConnectionLost if there is no connection, or if it is lost
   *   before the answer: it is then unknown whether the command was run.
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
   * Runs a command line as typed by a person.
   *
   * @returns the answer as JSON, and as text.
   * @throws like {@link request}
   */
  async line(line: string): Promise<{ readonly value: Json; readonly text: string }> {
    const answer = await this.ask({ line }).answer;
    return { value: valueIn(answer), text: answer.ok ? (answer.text ?? '') : '' };
  }

  /**
   * Iterates over events, from now on or from those after `since` on. The loop survives the loss of a connection: it
   * misses no event and gets none twice. It ends with the pool, `break` or `close()`.
   *
   * @throws in the loop CommandRefused: with code `StorePruned` if the server no longer holds the missed events,
   *   and `AnotherPool` if the pool is another one now, for instance since the program was restarted. Then start
   *   again, with `state` and the events after it.
   */
  watch(args: WatchArguments = {}): AsyncIterableIterator<PoolEvent> {
    return new LastingWatch(this, args);
  }

  /** Closes the connection permanently; pending calls reject. */
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
          // A refused client, or one with another protocol, need not try again.
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

  /** Selects the pool before anything else is sent, so that nothing happens to another pool. */
  async #use(pool: string, exchange: Exchange): Promise<void> {
    try {
      const answer = await exchange.request({ command: 'use', args: { pool } }).answer;
      if (this.#exchange !== exchange || this.#status === 'closed') return;
      if (answer.ok) this.#change('connected');
      else this.#end(new CommandRefused(answer.error.code, answer.error.message));
    } catch {
      // The connection was lost and is established again.
    }
  }

  #connectLater(): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures++);
    // Jitter, so that not all clients of a restarted server connect at the same moment.
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

/** Connects to the next address each time. */
function inTurn(places: readonly (string | OpenLines)[]): OpenLines {
  const ways = places.map((place) => (typeof place === 'string' ? webSocketLines(place) : place));
  let next = 0;
  return (listener) => (ways[next++ % ways.length] as OpenLines)(listener);
}
