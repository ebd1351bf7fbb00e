/** One connection: moves bytes between a socket and a session, and keeps the limits. */

import type { Socket } from 'node:net';
// Not the global ones, which a test may have replaced.
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BadRequest, LimitExceeded, NotAuthorized } from '../../control/errors.ts';
import { type ClientInfo, readHandshake } from '../../control/handshake.ts';
import { openSession } from '../../control/open-session.ts';
import type { Session, SessionOutput, SessionSettings } from '../../control/session.ts';
import { summarizeError } from '../../printable/error.ts';
import { printable } from '../../printable/text.ts';
import type { Budget, Share } from './budget.ts';
import { MAX_HANDSHAKE_LENGTH, type ServerLimits } from './limits.ts';
import { type Line, LineBuffer } from './line-buffer.ts';

/** How many lines of one client are taken before others get a turn. */
const LINES_IN_A_TURN = 64;
/** How long a client may take to read what is left when its connection is closed: milliseconds. */
const GRACE = 1000;

/** From this length on an event is sent by itself, and its bytes are shared by all who watch. */
const LARGE_EVENT = 4096;

/** So many characters of events are sent at the most in one piece: longer texts cost more each. */
const EVENTS_AT_ONCE = 65_536;

/** What a connection has from its server. */
export interface ConnectionOptions {
  readonly limits: Required<ServerLimits>;
  /** What all connections have received of lines that have not ended. */
  readonly received: Budget;
  /** What waits to be sent on all connections. */
  readonly buffered: Budget;
  readonly session: Pick<SessionSettings, 'pools' | 'functions' | 'readOnly' | 'requests'>;
  isAuthorized(token: string | undefined): boolean;
}

export class Connection implements SessionOutput {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #lines = new LineBuffer();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #timer: NodeJS.Timeout;
  #session: Session | undefined = undefined;
  #works = false;
  #hasEnded = false;
  #closing: Promise<void> | undefined = undefined;
  /** Events that wait to be sent together. */
  #events = '';
  #format: ClientInfo['format'] = 'text';
  readonly #received: Share;
  readonly #buffered: Share;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#received = options.received.open(() => this.#giveUpLine());
    this.#buffered = options.buffered.open(() => socket.destroy());
    const { handshakeTimeout } = options.limits;
    this.#timer = setTimeout(() => {
      this.#refuse(new LimitExceeded(`expected the first line within ${handshakeTimeout} ms`));
    }, handshakeTimeout);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#closed());
    // What follows an error is `close`.
    socket.on('error', () => {});
  }

  answer(text: string): void {
    this.#flush();
    this.#write(text);
  }

  event(text: string): void {
    if (this.#socket.destroyed) return;
    if (text.length >= LARGE_EVENT) {
      this.#flush();
      this.#write(sharedBytes(text));
    } else {
      if (this.#events === '') setImmediate(() => this.#flush());
      this.#events += text;
      if (this.#events.length >= EVENTS_AT_ONCE) this.#flush();
    }
    if (this.#events.length + this.#socket.writableLength > this.#options.limits.maxBuffered) {
      this.#socket.destroy();
    }
  }

  /** Takes no more lines, answers what was asked, and closes. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    const closed = new Promise<void>((resolve) => {
      if (this.#socket.closed) resolve();
      else this.#socket.once('close', () => resolve());
    });
    const timer = setTimeout(() => this.#socket.destroy(), GRACE);
    this.#session?.stopWaiting();
    // What cannot be given up, an import for instance, is not waited for longer than the socket.
    await Promise.race([this.#session?.settled(), closed]);
    this.#flush();
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

  /** The client has ended its side: what is complete is still run, what waits is given up. */
  #end(): void {
    this.#hasEnded = true;
    this.#session?.stopWaiting();
    void this.#work();
  }

  #closed(): void {
    clearTimeout(this.#timer);
    this.#events = '';
    this.#lines.clear();
    this.#options.received.close(this.#received);
    this.#options.buffered.close(this.#buffered);
    this.#session?.end();
    void this.close();
  }

  /** All clients together send more than is held for them, and this one most of it. */
  #giveUpLine(): void {
    const { maxTotalReceived } = this.#options.limits;
    this.#lines.clear();
    const expected = `expected at most ${maxTotalReceived} bytes of unfinished lines`;
    this.#refuse(new LimitExceeded(`${expected} from all clients together, got more`));
  }

  get #maxLength(): number {
    return this.#session === undefined ? MAX_HANDSHAKE_LENGTH : this.#options.limits.maxLineLength;
  }

  /** Takes the lines that are there, one after the other. */
  async #work(): Promise<void> {
    if (this.#works) return;
    this.#works = true;
    for (let taken = 1; this.#closing === undefined; taken++) {
      const line = this.#lines.next(this.#maxLength);
      if (line === undefined) break;
      await this.#take(line);
      if (this.#session?.isOver === true) void this.close();
      if (this.#socket.writableNeedDrain) await this.#drained();
      if (taken % LINES_IN_A_TURN === 0) await nextTurn();
    }
    this.#works = false;
    this.#received.set(this.#lines.capacity);
    // Of somebody who is not known yet nothing more is taken.
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

  /** Takes the first line. */
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
    clearTimeout(this.#timer);
    const { maxRequests, maxBuffered } = this.#options.limits;
    const { width, format } = info;
    this.#session = openSession({
      ...this.#options.session,
      width,
      format,
      maxRequests,
      maxAnswer: maxBuffered,
      output: this,
    });
    this.#session.greet();
    if (this.#hasEnded) this.#session.stopWaiting();
  }

  #refuse(error: unknown): void {
    this.#write(
      this.#format === 'json'
        ? `${JSON.stringify({ ok: false, error: summarizeError(error) })}\n`
        : `${printable(summarizeError(error).message)}\n`,
    );
    void this.close();
  }

  #flush(): void {
    const events = this.#events;
    this.#events = '';
    if (events !== '') this.#write(events);
  }

  #write(data: string | Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(typeof data === 'string' ? Buffer.from(data) : data, this.#sent);
    this.#buffered.set(this.#socket.writableLength);
    // Twice: the longest answer that is allowed may come on top of as many events.
    if (this.#socket.writableLength > 2 * this.#options.limits.maxBuffered) this.#socket.destroy();
  }

  readonly #sent = (): void => {
    this.#buffered.set(this.#socket.writableLength);
  };

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done);
        this.#socket.off('close', done);
        resolve();
      };
      this.#socket.on('drain', done);
      this.#socket.on('close', done);
      if (this.#socket.destroyed) done();
    });
  }
}

/** Every watcher gets the same text, one right after the other. */
let lastText = '';
let lastBytes: Uint8Array = new Uint8Array();

function sharedBytes(text: string): Uint8Array {
  if (text !== lastText) {
    lastText = text;
    lastBytes = Buffer.from(text);
  }
  return lastBytes;
}

function firstLineTooLong(): LimitExceeded {
  return new LimitExceeded(`expected a first line of at most ${MAX_HANDSHAKE_LENGTH} bytes`);
}
