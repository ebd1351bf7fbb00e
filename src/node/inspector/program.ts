/** A connected program: receives its messages, and sends events to its actors. */

import type { RawData, WebSocket } from 'ws';
import {
  ACCEPTS,
  DASHBOARD,
  HELLO,
  type InspectorMessage,
  linkOf,
  REFUSED,
  reasonOf,
  SEND,
} from '../../inspect/messages.ts';
import { parsed } from './json.ts';

/** The data about a program sent to pages, besides its messages. */
export interface ProgramFacts {
  readonly program: number;
  /** Whether its actors accept events. */
  readonly accepts: boolean;
  /** Links to dashboards, by the session ids of the pools' actors. */
  readonly dashboards: Readonly<Record<string, string>>;
}

export interface ProgramEvents {
  /** An inspection event, as JSON. */
  received(key: string, type: string, text: string): void;
  changed(): void;
  /** An event could not be sent to an actor. */
  refused(sessionId: string, why: string): void;
  closed(why: string | undefined): void;
}

const TYPES: ReadonlySet<unknown> = new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);
/** The maximum length of a session id; real ones are short: `x:12`. */
const LONGEST_ID = 200;
const LONGEST_LINK = 2000;
const MAX_DASHBOARDS = 100;
/** The unread bytes above which a program gets no more messages until it has read. */
const MOST_WAITING = 65_536;
/** The error code of a WebSocket that receives a message above its limit. */
const TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

export class Program {
  readonly id: number;
  readonly #socket: WebSocket;
  readonly #events: ProgramEvents;
  #accepts = false;
  readonly #dashboards = new Map<string, string>();
  /** A connection without messages about actors is not shown as a program. */
  #isKnown = false;

  constructor(id: number, socket: WebSocket, events: ProgramEvents) {
    this.id = id;
    this.#socket = socket;
    this.#events = events;
    socket.on('message', (data) => this.#take(data));
    let why: string | undefined;
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === TOO_LARGE) why = 'a message was larger than 16 MB';
    });
    socket.on('close', () => {
      this.#accepts = false;
      if (this.#isKnown || why !== undefined) events.closed(why);
    });
    this.#say({ type: HELLO });
  }

  get facts(): ProgramFacts {
    const dashboards = Object.fromEntries(this.#dashboards);
    return { program: this.id, accepts: this.#accepts, dashboards };
  }

  /** Sends an event to an actor; returns whether the program accepts events. */
  send(sessionId: string, event: unknown): boolean {
    if (!this.#accepts || this.#isBehind) return false;
    this.#say({ type: SEND, sessionId, event });
    return true;
  }

  get #isBehind(): boolean {
    return this.#socket.bufferedAmount > MOST_WAITING;
  }

  #say(message: InspectorMessage): void {
    this.#socket.send(JSON.stringify(message), () => {});
  }

  #take(data: RawData): void {
    const text = String(data);
    const message = parsed(text);
    const { type, sessionId } = message;
    if (type === HELLO) {
      if (!this.#isBehind) this.#say({ type: HELLO });
    } else if (type === ACCEPTS) {
      if (this.#accepts) return;
      this.#accepts = true;
      this.#events.changed();
    } else if (typeof sessionId !== 'string' || sessionId.length > LONGEST_ID) {
      return;
    } else if (TYPES.has(type)) {
      this.#isKnown = true;
      this.#events.received(sessionId, type as string, text);
    } else if (type === DASHBOARD) this.#link(sessionId, message['url']);
    else if (type === REFUSED) {
      this.#events.refused(sessionId, reasonOf(message['why']));
    }
  }

  #link(sessionId: string, given: unknown): void {
    const url = linkOf(given);
    if (url === undefined || url.length > LONGEST_LINK) return;
    if (this.#dashboards.size >= MAX_DASHBOARDS || this.#dashboards.get(sessionId) === url) return;
    this.#dashboards.set(sessionId, url);
    this.#events.changed();
  }
}
