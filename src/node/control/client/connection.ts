/** A connection to a control server, in the JSON protocol: any number of requests at once. */

import type { Socket } from 'node:net';
import type { PoolEvent } from '../../../index.ts';
import { onAbort } from '../../../kit/on-abort.ts';
import { printableName } from '../../../printable/text.ts';
import { isLoopbackAddress } from '../loopback.ts';
import { CommandRefused, ConnectionFailed, ConnectionLost } from './errors.ts';
import { LineSocket } from './line-socket.ts';
import { type Answer, type Greeting, readGreeting, readMessage } from './protocol.ts';
import { openSocket, reasonOf } from './socket.ts';
import { checkTarget, nameOf, type Target } from './target.ts';

/** How to get a connection. */
export interface ConnectionOptions {
  /** What the server knows its clients by. */
  readonly token?: string | undefined;
  /** Milliseconds until the server must have greeted. Default: 10,000. */
  readonly timeout?: number;
  /** For which help is laid out, in characters. Default: 80. */
  readonly terminalWidth?: number;
}

/** What is asked: a command line, or a command with arguments by name. */
export type Asked =
  | { readonly line: string }
  | { readonly command: string; readonly args: Readonly<Record<string, unknown>> };

/** @param size how long the event was as JSON, in characters. */
export type OnEvent = (event: PoolEvent, size: number) => void;

/** A request under way. */
export interface Request {
  /**
   * The answer, be it yes or no.
   *
   * @throws ConnectionLost
   */
  readonly answer: Promise<Answer>;
  /** Gives it up. It is still answered. */
  abort(): void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ConnectionLost) => void;
  readonly onEvent: OnEvent | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_WIDTH = 80;

export class Connection {
  readonly greeting: Greeting;
  /** Resolves when the connection is over: with the reason, or with nothing after `close()`. */
  readonly ended: Promise<ConnectionLost | undefined>;
  readonly #socket: LineSocket;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #isClosing = false;
  #loss: ConnectionLost | undefined;

  /** @throws ConnectionFailed, and TypeError, RangeError for options that make no sense. */
  static async open(target: Target, options: ConnectionOptions = {}): Promise<Connection> {
    const { token, timeout = DEFAULT_TIMEOUT_MS, terminalWidth = DEFAULT_WIDTH } = options;
    checkTarget(target);
    checkOptions(token, timeout);
    const patience = new AbortController();
    const { signal } = patience;
    const timer = setTimeout(() => {
      patience.abort(new Error(`expected a greeting within ${timeout} ms, got none`));
    }, timeout);
    let dialled: Socket | undefined;
    try {
      dialled = await openSocket(target, signal);
      if (token !== undefined) checkSecrecy(target, dialled);
      const socket = new LineSocket(dialled);
      const stopListening = onAbort(signal, () => socket.destroy(signal.reason));
      socket.send({ terminal_width: terminalWidth, format: 'json', token });
      const greeting = greetingIn(await socket.first);
      stopListening();
      return new Connection(target, socket, greeting);
    } catch (cause) {
      // Whatever was wrong: a socket that stays open would keep the process from ending.
      dialled?.destroy();
      throw new ConnectionFailed(`no connection to ${nameOf(target)}: ${reasonOf(cause)}`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(target: Target, socket: LineSocket, greeting: Greeting) {
    this.greeting = greeting;
    this.#socket = socket;
    socket.take((line) => {
      try {
        this.#receive(line);
      } catch (error) {
        // Whoever speaks another protocol is not to be relied on any further.
        socket.destroy(error as Error);
      }
    });
    this.ended = socket.ended.then((error) => {
      const why = error === undefined ? 'the other side closed it' : reasonOf(error);
      const reason = this.#isClosing ? 'it was closed here' : why;
      const message = `lost the connection to ${nameOf(target)}: ${reason}`;
      this.#loss = new ConnectionLost(message, { cause: error });
      for (const { reject } of this.#pending.values()) reject(this.#loss);
      this.#pending.clear();
      return this.#isClosing ? undefined : this.#loss;
    });
  }

  /** Whether `close()` was called. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Asks for something. Events that come ahead of the answer go to `onEvent`. */
  request(asked: Asked, onEvent?: OnEvent): Request {
    const id = this.#nextId++;
    const answer = new Promise<Answer>((resolve, reject) => {
      if (this.#loss !== undefined) {
        reject(this.#loss);
        return;
      }
      this.#pending.set(id, { resolve, reject, onEvent });
      this.#socket.send({ id, ...asked });
    });
    const abort = () => {
      if (this.#pending.has(id)) this.#socket.send({ abort: id });
    };
    return { answer, abort };
  }

  /** Ends the connection. What is pending is lost. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#socket.destroy();
    await this.ended;
  }

  #receive(line: string): void {
    const message = readMessage(line);
    const pending = message?.id === undefined ? undefined : this.#pending.get(message.id);
    // What belongs to no request has nobody to go to: the answer to an `abort`, for instance.
    if (message?.id === undefined || pending === undefined) return;
    if ('event' in message) {
      pending.onEvent?.(message.event, line.length);
      return;
    }
    this.#pending.delete(message.id);
    pending.resolve(message);
  }
}

/** The longest that a timer can wait: milliseconds. */
const LONGEST = 2 ** 31 - 1;

function checkOptions(token: unknown, timeout: unknown): void {
  if (token !== undefined && (typeof token !== 'string' || token === '')) {
    // Not even what it is instead: it may be the token after all.
    throw new TypeError('expected token to be a text that is not empty');
  }
  if (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST) return;
  throw new RangeError(`expected timeout to be from 1 to ${LONGEST} ms, got ${timeout}`);
}

/** What goes over a network without TLS is no secret any more. */
function checkSecrecy(target: Target, socket: Socket): void {
  const address = socket.remoteAddress;
  if (target.tls || target.path !== undefined) return;
  if (address !== undefined && isLoopbackAddress(address)) return;
  throw new Error('expected tls, or no token: it would leave this machine for all to read');
}

/** @throws CommandRefused if the server does not take this client. */
function greetingIn(line: string): Greeting {
  const message = readMessage(line);
  if (message === undefined || 'event' in message) {
    throw new Error(`expected the greeting of a control server, got ${printableName(line)}`);
  }
  if (!message.ok) throw new CommandRefused(message.error.code, message.error.message);
  return readGreeting(message.value);
}
