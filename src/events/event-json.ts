/** Encodes events as JSON directly from their columns, for most of them without creating an object. */

import { Code, decode, type EventCode } from './event-codes.ts';
import {
  type EndedTask,
  hasTimes,
  type Named,
  OUTCOMES,
  outcomeIn,
  type QueuedTask,
  ranIn,
  waitedIn,
} from './event-columns.ts';
import { EVENT_VERSION } from './events.ts';

const { taskQueued, taskStarted, taskEnded } = Code;

const QUEUED = ',"type":"task.queued","id":';
const STARTED = ',"type":"task.started","id":';
const ENDED = ',"type":"task.ended","id":';
/** The rest of a `task.ended` up to the attempt, by the code of the outcome. */
const OUTCOME = /* @__PURE__ */ OUTCOMES.map((outcome) => `,"outcome":"${outcome}","attempt":`);

/** Encodes the events of one pool; the result equals `JSON.stringify(event)`. */
export class EventJson {
  readonly #pool: string;
  /** The beginning that all events have in common. */
  readonly #start: string;
  /** Cached, since successive events often have the same time and the same group. */
  #at = Number.NaN;
  #atJson = '';
  #group = '';
  #groupJson = ',"group":""';

  constructor(pool: string) {
    this.#pool = pool;
    this.#start = `{"v":${EVENT_VERSION},"pool":${JSON.stringify(pool)},"seq":`;
  }

  /** The JSON of an event, given by its columns. */
  of(seq: number, at: number, code: EventCode, id: number, n: number, detail: unknown): string {
    if (code === taskEnded && hasTimes(n)) {
      const start = this.#startOf(seq, at) + ENDED + id + this.#groupOf(detail as Named);
      const { attempt = 1 } = detail as EndedTask;
      const times = `,"waited":${waitedIn(n) / 1000},"ran":${ranIn(n) / 1000}}`;
      return start + OUTCOME[outcomeIn(n)] + attempt + times;
    }
    if (code === taskQueued && isPlain(detail as QueuedTask)) {
      const start = this.#startOf(seq, at) + QUEUED + id;
      return `${start + this.#groupOf(detail as Named)},"index":${n}}`;
    }
    if (code === taskStarted && detail !== undefined) {
      return `${this.#startOf(seq, at) + STARTED + id + this.#groupOf(detail as Named)}}`;
    }
    return JSON.stringify(decode(this.#pool, seq, at, code, id, n, detail));
  }

  #startOf(seq: number, at: number): string {
    if (at !== this.#at) {
      this.#at = at;
      this.#atJson = `,"at":${JSON.stringify(at)}`;
    }
    return this.#start + seq + this.#atJson;
  }

  #groupOf({ name }: Named): string {
    if (name !== this.#group) {
      this.#group = name;
      this.#groupJson = `,"group":${JSON.stringify(name)}`;
    }
    return this.#groupJson;
  }
}

function isPlain({ item, priority, keys }: QueuedTask): boolean {
  return item === undefined && priority === undefined && keys === undefined;
}
