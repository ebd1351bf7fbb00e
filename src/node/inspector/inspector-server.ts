/// <reference lib="esnext.disposable" preserve="true" />

/** The inspector: a page, and a WebSocket that takes what `@statelyai/inspect` sends. */

// Not the global ones, which a test may have replaced.
import timers, { setImmediate } from 'node:timers';
import type { WebSocket } from 'ws';
import type { Logger } from '../../index.ts';
import { later } from '../../kit/later.ts';
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

/** Where an inspector is. */
export interface InspectorAddress {
  /** The link of the page, with the token: with it, everything that was received can be seen. */
  readonly url: string;
  /** What programs give to `createWebSocketInspector({ url })`. */
  readonly inspectorUrl: string;
  /**
   * What programs in the browser give to `createBrowserInspector({ url })`, and others to
   * `createInspectorServer({ url })`: the page gets everything from the page that opens it.
   */
  readonly windowUrl: string;
  readonly host: string;
  readonly port: number;
}

/** How long a message of a program may be, in bytes. */
const MAX_MESSAGE = 16_000_000;
/** The same of a page: its token, or an event for an actor. */
const MAX_PAGE_MESSAGE = 1_048_576;
const MAX_CONNECTIONS = 200;
/** How much of messages that have not ended is held for all connections together, in bytes. */
const MAX_RECEIVED = 64_000_000;
/** A program that shows no sign of life, and a page that does not show its token, are not waited for longer: ms. */
const PATIENCE = 10_000;
/** The code of a WebSocket that was closed because its token is wrong. */
const WRONG_TOKEN = 4401;

/**
 * A server of the inspector: any xstate program that sends it inspection events is shown on its page,
 * without internet. It keeps the last 50,000 messages, at most 64 MB of them.
 */
export class InspectorServer implements AsyncDisposable {
  readonly #token = newToken();
  readonly #page: PageServer;
  readonly #backlog = new Backlog();
  readonly #sockets = new Set<WebSocket>();
  readonly #viewers = new Set<Viewer>();
  /** Those that are connected, by their numbers. */
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

  /** How many messages were received. */
  get numMessages(): number {
    return this.#backlog.next;
  }

  /** How many of them, the oldest, were dropped. */
  get numDropped(): number {
    return this.#backlog.first;
  }

  /**
   * Starts to listen.
   *
   * @throws UnsafeAddress for a host that is reached from elsewhere, without `tls`; TypeError if it was
   * called before; what listening throws, if the port is taken for example.
   */
  async listen(): Promise<InspectorAddress> {
    const { base, host, port } = await this.#page.listen();
    const inspectorUrl = base.replace(/^http/, 'ws');
    return { url: linkOf(base, this.#token), inspectorUrl, windowUrl: base, host, port };
  }

  /** Closes every connection and stops listening. A second call gets the same promise. */
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
    // What is wrong with what came, or with the socket. `close` follows.
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

  /** Who takes events, and what dashboards there are. */
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

  /** Sends what a page says on to the actor of a program. */
  #send(given: unknown, viewer: Viewer): void {
    const { program: id, sessionId, event } = Object(given) as Record<string, unknown>;
    if (typeof id !== 'number' || typeof sessionId !== 'string') return;
    if (this.#programs.get(id)?.send(sessionId, event) === true) return;
    viewer.refuse({ program: id, sessionId, why: 'the program takes no events' });
  }

  /** What comes at once is sent at once. */
  #flushSoon(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    setImmediate(() => {
      this.#willFlush = false;
      for (const viewer of this.#viewers) viewer.flush();
    });
  }
}
