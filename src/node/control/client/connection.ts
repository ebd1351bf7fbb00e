/** A connection to a control server in the JSON protocol; any number of requests may be pending. */

import type { Socket } from 'node:net';
import { checkToken } from '../../../control/check-token.ts';
import { ConnectionFailed, ConnectionLost } from '../../../control/client/errors.ts';
import {
  type Asked,
  Exchange,
  type OnEvent,
  type Request,
  type Requests,
} from '../../../control/client/exchange.ts';
import { type Greeting, greetingIn } from '../../../control/client/protocol.ts';
import { checkNumber } from '../../../kit/checks.ts';
import { onAbort } from '../../../kit/on-abort.ts';
import { isLoopbackAddress } from '../loopback.ts';
import { LineSocket } from './line-socket.ts';
import { openSocket, reasonOf } from './socket.ts';
import { checkTarget, nameOf, type Target } from './target.ts';

/** The options of a connection. */
export interface ConnectionOptions {
  /** The access token of the server. Default: none. */
  readonly token?: string | undefined;
  /** Milliseconds to wait for the greeting. Default: 10,000. */
  readonly timeout?: number;
  /** The width for which help is laid out, in characters. Default: 80. */
  readonly terminalWidth?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_WIDTH = 80;

export class Connection implements Requests {
  readonly greeting: Greeting;
  /** Resolves when the connection has ended: with the reason, or with undefined after `close()`. */
  readonly ended: Promise<ConnectionLost | undefined>;
  readonly #socket: LineSocket;
  readonly #exchange: Exchange;

  /**
   * @throws ConnectionFailed; TypeError, RangeError for invalid options.
   */
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
      // Closed on any error, since an open socket would keep the process alive.
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
    this.#exchange = new Exchange((line) => socket.sendLine(line));
    socket.take((line) => {
      try {
        this.#exchange.receive(line);
      } catch (error) {
        // The protocol was violated, so nothing of this server can be trusted any more.
        socket.destroy(error as Error);
      }
    });
    this.ended = socket.ended.then((error) => {
      const why = error === undefined ? 'the other side closed it' : reasonOf(error);
      const reason = this.isClosing ? 'it was closed here' : why;
      const message = `lost the connection to ${nameOf(target)}: ${reason}`;
      const loss = new ConnectionLost(message, { cause: error });
      this.#exchange.lose(loss);
      return this.isClosing ? undefined : loss;
    });
  }

  /** Whether `close()` was called. */
  get isClosing(): boolean {
    return this.#exchange.isClosing;
  }

  request(asked: Asked, onEvent?: OnEvent): Request {
    return this.#exchange.request(asked, onEvent);
  }

  /** Closes the connection. Pending requests reject. */
  async close(): Promise<void> {
    this.#exchange.isClosing = true;
    this.#socket.destroy();
    await this.ended;
  }
}

/** The longest delay of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

function checkOptions(token: unknown, timeout: unknown): void {
  if (token !== undefined) checkToken('token', token);
  const isRight = (ms: number) => ms > 0 && ms <= LONGEST;
  checkNumber('timeout', timeout, `a number of milliseconds from 1 to ${LONGEST}`, isRight);
}

/** Refuses to send a token over a network without TLS. */
function checkSecrecy(target: Target, socket: Socket): void {
  const address = socket.remoteAddress;
  if (target.tls || target.path !== undefined) return;
  if (address !== undefined && isLoopbackAddress(address)) return;
  throw new Error('expected tls, or no token: it would leave this machine for all to read');
}
