/// <reference lib="esnext.disposable" preserve="true" />

/** The inspector server: a page, and a WebSocket that receives what `@statelyai/inspect` sends. */

// Imported, since tests may replace the global timers.
import timers, { setImmediate } from 'node:timers';
import type { WebSocket } from 'ws';
import type { Logger } from '../../index.ts';
import { later } from '../../kit/later.ts';
import { PRINTED, plural } from '../../kit/printed.ts';
import { Budget } from '../control/budget.ts';
import { isToken } from '../control/token.ts';
import { newToken } from '../dashboard/options.ts';
import { linkOf, PageServer } from '../dashboard/page-server.ts';
import { Backlog } from './backlog.ts';
import { expectLife } from './expect-life.ts';
import { parsed } from './json.ts';
import { checkOptions, DEFAULT_PORT, type InspectorServerOptions } from './options.ts';
import { Program } from './program.ts';
import { Viewer } from './viewer.ts';

/** The address of an inspector. */
export interface InspectorAddress {
  /** The link of the page, with the token: it gives access to everything that was received. */
  readonly url: string;
  /** The URL for `createWebSocketInspector({ url })` in programs. */
  readonly inspectorUrl: string;
  /**
   * The URL for `createBrowserInspector({ url })` in browsers, and for `createInspectorServer({ url })`: the page
   * then receives everything from the page that opened it.
   */
  readonly windowUrl: string;
  /** The IP address on which the server listens. */
  readonly host: string;
  /** The port on which the server listens. */
  readonly port: number;
}

/** The maximum length of a message of a program, in bytes. */
const MAX_MESSAGE = 16_000_000;
/** The maximum length of a message of a page (its token, or an event for an actor), in bytes. */
const MAX_PAGE_MESSAGE = 1_048_576;
const MAX_CONNECTIONS = 200;
/** The maximum size of unfinished messages of all connections together, in bytes. */
const MAX_RECEIVED = 64_000_000;
/** Milliseconds after which a program without a sign of life, or a page without its token, is disconnected. */
const PATIENCE = 10_000;
/** The WebSocket close code for a wrong token. */
const WRONG_TOKEN = 4401;

/**
 * A server of the inspector: shows any xstate program that sends it inspection events, and works offline. It keeps
 * the last 50,000 messages, at most 64 MB.
 */
export class InspectorServer implements AsyncDisposable {
  readonly #token = newToken();
  readonly #page: PageServer;
  readonly #backlog = new Backlog();
  readonly #sockets = new Set<WebSocket>();
  readonly #viewers = new Set<Viewer>();
  /** The connected programs, by number. */
  readonly #programs = new Map<number, Program>();
  #numPrograms = 0;
  #willFlush = false;
  #closed: Promise<void> | undefined = undefined;

  /** @throws TypeError, RangeError for invalid options. */
  constructor(options: InspectorServerOptions = {}) {
    checkOptions(options);
    const { logger = console as Logger, port = DEFAULT_PORT } = options;
    this.#page = new PageServer('inspector', {
      ...options,
      port,
      logger,
      handshakeTimeout: PATIENCE,
      maxMessage: MAX_MESSAGE,
      maxConnections: MAX_CONNECTIONS,
      received: new Budget(MAX_RECEIVED),
      isEmbeddable: true,
      sockets: new Map([
        ['/', { isForLocalPages: true, connected: (socket) => this.#acceptProgram(socket) }],
        [
          '/page',
          { maxMessage: MAX_PAGE_MESSAGE, connected: (socket) => this.#acceptPage(socket) },
        ],
      ]),
    });
  }

  toString(): string {
    const programs = plural(this.#programs.size, 'program');
    return `inspector, ${programs} and ${plural(this.#viewers.size, 'page')} connected`;
  }

  [PRINTED](): string {
    return this.toString();
  }

  /** The numbers of connected programs and pages, and of messages. */
  toJSON(): {
    readonly numPrograms: number;
    readonly numPages: number;
    readonly numMessages: number;
    readonly numDropped: number;
  } {
    const { numMessages, numDropped } = this;
    const [numPrograms, numPages] = [this.#programs.size, this.#viewers.size];
    return { numPrograms, numPages, numMessages, numDropped };
  }

  /** The number of received messages. */
  get numMessages(): number {
    return this.#backlog.next;
  }

  /** The number of dropped messages, the oldest ones. */
  get numDropped(): number {
    return this.#backlog.first;
  }

  /**
   * Starts listening.
   *
   * @throws UnsafeAddress for a host other than loopback without `tls`; TypeError if it was called before; the
   *   errors of listening, for instance if the port is in use.
   */
  async listen(): Promise<InspectorAddress> {
    const { base, host, port } = await this.#page.listen();
    const inspectorUrl = base.replace(/^http/, 'ws');
    return { url: linkOf(base, this.#token), inspectorUrl, windowUrl: base, host, port };
  }

  /** Closes every connection and stops listening. Further calls return the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const closed = this.#page.close();
    for (const socket of this.#sockets) socket.terminate();
    await closed;
  }

  #track(socket: WebSocket): void {
    this.#sockets.add(socket);
    // Errors of the data or the socket; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #acceptProgram(socket: WebSocket): void {
    this.#track(socket);
    expectLife(socket, PATIENCE);
    const id = this.#numPrograms++;
    const add = (key: string, type: string, message: string): void => {
      this.#backlog.add(`${id}/${key}`, type, id, message);
      this.#flushSoon();
    };
    const program = new Program(id, socket, {
      received: add,
      changed: () => this.#tellPrograms(),
      refused: (sessionId, why) => {
        for (const viewer of this.#viewers) viewer.refuse({ program: id, sessionId, why });
      },
      closed: (why) => {
        this.#programs.delete(id);
        add('', '@program.closed', JSON.stringify({ type: '@program.closed', why }));
        this.#tellPrograms();
      },
    });
    this.#programs.set(id, program);
    socket.once('close', () => this.#programs.delete(id));
  }

  /** Sends pages which programs accept events, and the known dashboards. */
  #tellPrograms(): void {
    for (const viewer of this.#viewers) viewer.tellPrograms(this.#facts);
  }

  get #facts() {
    return Array.from(this.#programs.values(), ({ facts }) => facts);
  }

  #acceptPage(socket: WebSocket): void {
    this.#track(socket);
    const stop = later(PATIENCE, () => socket.terminate(), timers);
    socket.once('close', stop);
    socket.once('message', (data) => {
      stop();
      const { token, next } = parsed(String(data));
      if (!isToken(this.#token, typeof token === 'string' ? token : undefined)) {
        socket.close(WRONG_TOKEN, 'expected the token of the link');
        return;
      }
      const start = Number.isSafeInteger(next) ? Math.max(0, next as number) : 0;
      const viewer = new Viewer(socket, this.#backlog, start);
      this.#viewers.add(viewer);
      socket.once('close', () => this.#viewers.delete(viewer));
      socket.on('message', (more) => this.#send(parsed(String(more))['send'], viewer));
      viewer.tellPrograms(this.#facts);
      viewer.start();
    });
  }

  /** Forwards an event from a page to the actor of a program. */
  #send(given: unknown, viewer: Viewer): void {
    const { program: id, sessionId, event } = Object(given) as Record<string, unknown>;
    if (typeof id !== 'number' || typeof sessionId !== 'string') return;
    if (this.#programs.get(id)?.send(sessionId, event) === true) return;
    viewer.refuse({ program: id, sessionId, why: 'the program takes no events' });
  }

  /** Batches the messages of a turn. */
  #flushSoon(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    setImmediate(() => {
      this.#willFlush = false;
      for (const viewer of this.#viewers) viewer.flush();
    });
  }
}
