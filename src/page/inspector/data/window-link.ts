/**
 * The connection to the page that opened this one, in a window or a frame: its `createBrowserInspector` sends
 * everything to this window once this one has announced itself.
 */

import { signal } from '@preact/signals';
import {
  ACCEPTS,
  DASHBOARD,
  HELLO,
  linkOf,
  REFUSED,
  reasonOf,
  SEND,
} from '../../../inspect/messages.ts';
import type { Link, LinkEvents, LinkStatus } from './link.ts';
import { type Entry, isInspection, type Message, type ProgramFacts } from './messages.ts';

/** The messages with which `@statelyai/inspect` starts and ends. */
const CONNECTED = '@statelyai.connected';
const DISCONNECTED = '@statelyai.disconnected';

/** The limits of what is kept here, since there is no server. */
const LIMITS = { messages: 50_000, characters: 64_000_000 };
/** The number of messages dropped together. */
const DROPPED_AT_ONCE = 1000;

/** The page that opened this one; undefined if there is none. */
export function openerOf(page: Window): Window | undefined {
  if (page.parent !== page) return page.parent;
  return (page.opener as Window | null) ?? undefined;
}

export class WindowLink implements Link {
  readonly status = signal<LinkStatus>('connecting');
  readonly #opener: Window;
  readonly #events: LinkEvents;
  /** The lengths of the kept messages. */
  #lengths: number[] = [];
  #numCharacters = 0;
  #first = 0;
  #facts: ProgramFacts = { program: 0, accepts: false, dashboards: {} };

  constructor(opener: Window, events: LinkEvents) {
    this.#opener = opener;
    this.#events = events;
    addEventListener('message', ({ source, data }) => {
      if (source === opener) this.#take(Object(data));
    });
    // The opener may have any origin. It learns only that this page exists.
    for (const type of [CONNECTED, HELLO]) opener.postMessage({ type }, '*');
    this.status.value = 'connected';
  }

  send(_: number, sessionId: string, event: object): void {
    this.#opener.postMessage({ type: SEND, sessionId, event }, '*');
  }

  #take(message: Readonly<Record<string, unknown>>): void {
    const { type, sessionId } = message;
    if (type === DISCONNECTED) this.#add({ type: '@program.closed' });
    else if (type === ACCEPTS) this.#tell({ ...this.#facts, accepts: true });
    else if (isInspection(message)) this.#add(message);
    else if (typeof sessionId !== 'string') return;
    else if (type === DASHBOARD) this.#link(sessionId, linkOf(message['url']));
    else if (type === REFUSED) {
      const refusals = [{ program: 0, sessionId, why: reasonOf(message['why']) }];
      this.#events.received({ first: this.#first, bases: [], entries: [], news: { refusals } });
    }
  }

  #link(sessionId: string, url: string | undefined): void {
    if (url === undefined) return;
    this.#tell({ ...this.#facts, dashboards: { ...this.#facts.dashboards, [sessionId]: url } });
  }

  #tell(facts: ProgramFacts): void {
    this.#facts = facts;
    const news = { programs: [facts], refusals: [] };
    this.#events.received({ first: this.#first, bases: [], entries: [], news });
  }

  #add(message: Message): void {
    const length = lengthOf(message);
    if (length === undefined) return;
    this.#lengths.push(length);
    this.#numCharacters += length;
    const entry: Entry = { seq: this.#events.next(), program: 0, at: Date.now(), message };
    if (this.#lengths.length > LIMITS.messages || this.#numCharacters > LIMITS.characters) {
      this.#drop();
    }
    this.#events.received({ first: this.#first, bases: [], entries: [entry] });
  }

  #drop(): void {
    let count = 0;
    while (
      count < this.#lengths.length - 1 &&
      (count < DROPPED_AT_ONCE || this.#numCharacters > LIMITS.characters)
    ) {
      this.#numCharacters -= this.#lengths[count++] ?? 0;
    }
    this.#lengths = this.#lengths.slice(count);
    this.#first += count;
  }
}

/** Returns undefined for values that are not JSON, or too deep to be shown. */
function lengthOf(message: Message): number | undefined {
  try {
    return JSON.stringify(message).length;
  } catch {
    return undefined;
  }
}
