/** A connection of a client: passes lines from a socket to a session, and enforces the limits. */

import type { Duplex } from 'node:stream';
// Imported, since tests may replace the global timers.
import timers, { clearTimeout, setTimeout } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BadRequest, LimitExceeded, NotAuthorized } from '../../control/errors.ts';
import { type ClientInfo, readHandshake } from '../../control/sessions/handshake.ts';
import { openSession } from '../../control/sessions/open-session.ts';
import type { Session, SessionOptions, SessionSettings } from '../../control/sessions/session.ts';
import { later } from '../../kit/later.ts';
import { summarizeError } from '../../printable/error.ts';
import { printable } from '../../printable/text.ts';
import type { Budget, Share } from './budget.ts';
import { MAX_HANDSHAKE_LENGTH, type ServerLimits } from './limits.ts';
import { type Line, LineBuffer } from './line-buffer.ts';
import { Outbox } from './outbox.ts';

/** The number of lines handled before yielding to other clients. */
const LINES_IN_A_TURN = 64;
/** Milliseconds for a client to read the remaining output when its connection is closed. */
const GRACE = 1000;

/** A bidirectional stream: a socket, or a wrapped WebSocket. */
export interface Transport extends Duplex {
  /** Sends the remaining output, and closes. */
  destroySoon(): void;
}

/** The settings of a connection, from its server. */
export interface ConnectionOptions {
  readonly limits: Required<ServerLimits>;
  /** The budget for unfinished lines of all connections. */
  readonly received: Budget;
  /** The budget for unsent output of all connections. */
  readonly buffered: Budget;
  readonly session: Pick<SessionSettings, 'pools' | 'functions' | 'readOnly' | 'requests'> &
    Pick<SessionOptions, 'names'>;
  isAuthorized(token: string | undefined): boolean;
  /** See {@link OutboxLimits}. */
  readonly eventDelay?: number;
}

export class Connection {
  readonly #socket: Transport;
  readonly #options: ConnectionOptions;
  readonly #lines = new LineBuffer();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #stopTimer: () => void;
  #session: Session | undefined = undefined;
  #works = false;
  #hasEnded = false;
  #closing: Promise<void> | undefined = undefined;
  #format: ClientInfo['format'] = 'text';
  readonly #received: Share;
  readonly #outbox: Outbox;

  constructor(socket: Transport, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#received = options.received.open(() => this.#giveUpLine());
    const { handshakeTimeout, maxBuffered } = options.limits;
    const { buffered, eventDelay } = options;
    this.#outbox = new Outbox(socket, { maxBuffered, buffered, eventDelay });
    const onLate = () => {
      this.#refuse(new LimitExceeded(`expected the first line within ${handshakeTimeout} ms`));
    };
    this.#stopTimer = later(handshakeTimeout, onLate, timers);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#closed());
    // `close` follows each error.
    socket.on('error', () => {});
  }

  /** Accepts no more lines, answers pending requests, and closes. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Closes immediately: to the client the connection is lost, and it reconnects, here or elsewhere. */
  drop(): void {
    this.#socket.destroy();
  }

  async #close(): Promise<void> {
    this.#stopTimer();
    const closed = new Promise<void>((resolve) => {
      if (this.#socket.closed) resolve();
      else this.#socket.once('close', () => resolve());
    });
    const timer = setTimeout(() => this.#socket.destroy(), GRACE);
    this.#session?.stopWaiting();
    // Requests that cannot be aborted, an import for instance, do not delay closing beyond the socket.
    await Promise.race([this.#session?.settled(), closed]);
    this.#outbox.flush();
    this.#session?.end();
    this.#socket.destroySoon();
    await closed;
    clearTimeout(timer);
  }

  #receive(chunk: Buffer): void {
    if (this.#closing !== undefined) return;
    this.#lines.append(chunk);
    this.#received.set(this.#lines.capacity);
    if (this.#closing !== undefined) return;
    if (this.#lines.size > this.#maxLength) this.#socket.pause();
    void this.#work();
  }

  /** The client has ended its side: complete lines are still run, waiting commands are aborted. */
  #end(): void {
    this.#hasEnded = true;
    this.#session?.stopWaiting();
    void this.#work();
  }

  #closed(): void {
    this.#stopTimer();
    this.#lines.clear();
    this.#options.received.close(this.#received);
    this.#session?.end();
    void this.close();
  }

  /** The total of unfinished lines exceeds the limit, and this client holds most of it. */
  #giveUpLine(): void {
    const { maxTotalReceived } = this.#options.limits;
    this.#lines.clear();
    const expected = `expected at most ${maxTotalReceived} bytes of unfinished lines`;
    this.#refuse(new LimitExceeded(`${expected} from all clients together, got more`));
  }

  get #maxLength(): number {
    return this.#session === undefined ? MAX_HANDSHAKE_LENGTH : this.#options.limits.maxLineLength;
  }

  /** Handles received lines, one after the other. */
  async #work(): Promise<void> {
    if (this.#works) return;
    this.#works = true;
    for (let taken = 1; this.#closing === undefined; taken++) {
      const line = this.#lines.next(this.#maxLength);
      if (line === undefined) break;
      await this.#take(line);
      if (this.#session?.isOver === true) void this.close();
      if (this.#socket.writableNeedDrain) await this.#outbox.drained();
      if (taken % LINES_IN_A_TURN === 0) await nextTurn();
    }
    this.#works = false;
    this.#received.set(this.#lines.capacity);
    // Before the handshake only the first line is accepted.
    if (this.#session === undefined && this.#lines.skips) this.#refuse(firstLineTooLong());
    if (this.#lines.size <= this.#maxLength) this.#socket.resume();
    if (this.#hasEnded) void this.close();
  }

  async #take(line: Line): Promise<void> {
    if (this.#session === undefined) {
      this.#open(line);
    } else if (line === 'too long') {
      const { maxLineLength } = this.#options.limits;
      const message = `expected a line of at most ${maxLineLength} bytes, got a longer one`;
      await this.#session.refuse(new LimitExceeded(message));
    } else {
      let text: string;
      try {
        text = this.#decoder.decode(line);
      } catch {
        await this.#session.refuse(new BadRequest('expected a line of UTF-8, got other bytes'));
        return;
      }
      await this.#session.receive(text.endsWith('\r') ? text.slice(0, -1) : text);
    }
  }

  /** Handles the first line. */
  #open(line: Line): void {
    let info: ClientInfo;
    try {
      if (line === 'too long') {
        throw firstLineTooLong();
      }
      info = readHandshake(line.toString());
      this.#format = info.format;
      if (!this.#options.isAuthorized(info.token)) {
        throw new NotAuthorized('expected the token of the server in the first line');
      }
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#stopTimer();
    const { maxRequests, maxBuffered } = this.#options.limits;
    const { width, format } = info;
    this.#session = openSession({
      ...this.#options.session,
      width,
      format,
      maxRequests,
      maxAnswer: maxBuffered,
      output: this.#outbox,
    });
    this.#session.greet();
    if (this.#hasEnded) this.#session.stopWaiting();
  }

  #refuse(error: unknown): void {
    this.#outbox.answer(
      this.#format === 'json'
        ? `${JSON.stringify({ ok: false, error: summarizeError(error) })}\n`
        : `${printable(summarizeError(error).message)}\n`,
    );
    void this.close();
  }
}

function firstLineTooLong(): LimitExceeded {
  return new LimitExceeded(`expected a first line of at most ${MAX_HANDSHAKE_LENGTH} bytes`);
}
