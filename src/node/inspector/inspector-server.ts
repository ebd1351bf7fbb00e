/// <reference lib="esnext.disposable" preserve="true" />

/** The inspector: a page, and a WebSocket that takes what `@statelyai/inspect` sends. */

import type { RawData, WebSocket } from 'ws';
import type { Logger } from '../../index.ts';
import { isToken } from '../control/token.ts';
import { newToken } from '../dashboard/options.ts';
import { linkOf, PageServer } from '../dashboard/page-server.ts';
import { Backlog } from './backlog.ts';
import { checkOptions, DEFAULT_PORT, type InspectorServerOptions } from './options.ts';
import { Viewer } from './viewer.ts';

/** Where an inspector is. */
export interface InspectorAddress {
  /** The link of the page, with the token: whoever has it sees everything that was received. */
  readonly url: string;
  /** What programs give to `createWebSocketInspector({ url })`. */
  readonly inspectorUrl: string;
  readonly host: string;
  readonly port: number;
}

/** How long a message may be, in bytes. */
const MAX_MESSAGE = 16_000_000;
const MAX_CONNECTIONS = 200;
/** A page that does not show its token is not waited for longer: milliseconds. */
const PATIENCE = 10_000;
/** The code of a WebSocket that was closed because its token is wrong. */
const WRONG_TOKEN = 4401;

const TYPES: ReadonlySet<unknown> = new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);

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
  #numPrograms = 0;
  #willFlush = false;
  #closed: Promise<void> | undefined = undefined;

  /** @throws TypeError, RangeError for options that make no sense. */
  constructor(options: InspectorServerOptions = {}) {
    checkOptions(options);
    const { logger = console as Logger, port = DEFAULT_PORT } = options;
    this.#page = new PageServer('inspector', {
      ...options,
      port,
      logger,
      maxMessage: MAX_MESSAGE,
      maxConnections: MAX_CONNECTIONS,
      sockets: new Map([
        ['/', { isForLocalPages: true, connected: (socket) => this.#acceptProgram(socket) }],
        ['/page', { connected: (socket) => this.#acceptPage(socket) }],
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
    return { url: linkOf(base, this.#token), inspectorUrl, host, port };
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
    const program = this.#numPrograms++;
    const add = (key: string, type: string, message: string): void => {
      this.#backlog.add(`${program}/${key}`, type, program, message);
      this.#flushSoon();
    };
    let isKnown = false;
    socket.on('message', (data) => {
      const message = readMessage(data);
      if (message === undefined) return;
      isKnown = true;
      add(message.sessionId, message.type, message.text);
    });
    socket.on('close', () => {
      if (isKnown) add('', '@program.closed', '{"type":"@program.closed"}');
    });
  }

  #acceptPage(socket: WebSocket): void {
    this.#track(socket);
    const timer = setTimeout(() => socket.terminate(), PATIENCE);
    socket.once('close', () => clearTimeout(timer));
    socket.once('message', (data) => {
      clearTimeout(timer);
      const { token, next } = parsed(data) as { readonly token?: unknown; readonly next?: unknown };
      if (!isToken(this.#token, typeof token === 'string' ? token : undefined)) {
        socket.close(WRONG_TOKEN, 'expected the token of the link');
        return;
      }
      const start = Number.isSafeInteger(next) ? Math.max(0, next as number) : 0;
      const viewer = new Viewer(socket, this.#backlog, start);
      this.#viewers.add(viewer);
      socket.once('close', () => this.#viewers.delete(viewer));
      viewer.start();
    });
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

interface Received {
  readonly type: string;
  readonly sessionId: string;
  readonly text: string;
}

/** Undefined if it is no inspection event. */
function readMessage(data: RawData): Received | undefined {
  const { type, sessionId } = parsed(data) as {
    readonly type?: unknown;
    readonly sessionId?: unknown;
  };
  if (!TYPES.has(type) || typeof sessionId !== 'string') return undefined;
  return { type: type as string, sessionId, text: String(data) };
}

/** An object; an empty one if it is none. */
function parsed(data: RawData): object {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
