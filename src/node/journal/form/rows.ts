/** Encodes the rows of a batch, see `batch-form.ts`, as bytes. */

import { USUAL_END } from './batch-form.ts';
import { RowBytes } from './row-bytes.ts';

/** The separator of rows. */
export type Separator = ',' | '\n';

/** The approximate size of a row, in bytes. */
const USUAL_ROW = 24;
/** Events that may have no fields besides the id of the task. */
export const ONLY_IDS: ReadonlySet<string> = new Set([
  'task.interrupted',
  'task.cancelling',
  'task.cancelled',
  'task.requeued',
]);
const COMMA = 44;
const CLOSE = 93;

export class Rows {
  /** The version of most events. */
  readonly v: number;
  /** The names of the groups that rows refer to. */
  readonly groups: string[] = [];
  readonly #bytes: RowBytes;
  /** When the first event was recorded. */
  readonly #at: number;
  readonly #places = new Map<string, number>();
  /** Most events have the same group as the previous one. */
  #lastGroup: string | undefined = undefined;
  #lastPlace = 0;

  /**
   * @param v the version, and `at` the time, of the first event.
   * @param count the number of events.
   */
  constructor(v: number, at: number, count: number, separator: Separator) {
    this.v = v;
    this.#at = at;
    this.#bytes = new RowBytes(separator, count * USUAL_ROW);
  }

  /** A time relative to the first event; undefined if the conversion would lose precision. */
  since(at: unknown): number | undefined {
    // Subtraction would convert an object to a number.
    if (typeof at !== 'number') return undefined;
    const since = at - this.#at;
    return this.#at + since === at && isNumber(since) ? since : undefined;
  }

  queued(since: number, id: number, group: string, index: number, rest?: string): void {
    const bytes = this.#bytes;
    bytes.begin('["q"');
    bytes.number(since);
    bytes.number(id);
    bytes.number(this.#place(group));
    bytes.number(index);
    this.#end(rest);
  }

  started(since: number, id: number, group: string): void {
    const bytes = this.#bytes;
    bytes.begin('["s"');
    bytes.number(since);
    bytes.number(id);
    bytes.number(this.#place(group));
    this.#end(undefined);
  }

  /**
   * @param waited whole microseconds, as `ran`.
   */
  ended(
    since: number,
    id: number,
    group: string,
    waited: number,
    ran: number,
    rest?: string,
  ): void {
    const bytes = this.#bytes;
    bytes.begin('["e"');
    bytes.number(since);
    bytes.number(id);
    bytes.number(this.#place(group));
    bytes.number(waited);
    bytes.number(ran);
    this.#end(rest);
  }

  /** Writes one of {@link ONLY_IDS} by hand, since very many tasks may be cancelled or recovered. */
  onlyId(at: number, type: string, id: number): void {
    this.object(`{"at":${at},"type":"${type}","id":${id}}`);
  }

  /** Writes the JSON of an object with the fields that are not in the context of the batch. */
  object(json: string): void {
    this.#bytes.begin('');
    this.#bytes.text(json);
  }

  /** Returns all rows; nothing may be written afterwards. */
  end(): Buffer {
    return this.#bytes.end();
  }

  /**
   * @param rest the JSON of the fields that are not in the row otherwise, if there are any.
   */
  #end(rest: string | undefined): void {
    if (rest !== undefined) {
      this.#bytes.byte(COMMA);
      this.#bytes.text(rest);
    }
    this.#bytes.byte(CLOSE);
  }

  #place(group: string): number {
    if (group === this.#lastGroup) return this.#lastPlace;
    let place = this.#places.get(group);
    if (place === undefined) {
      place = this.groups.push(group) - 1;
      this.#places.set(group, place);
    }
    this.#lastGroup = group;
    this.#lastPlace = place;
    return place;
  }
}

/** Whether JSON preserves the number: it is finite. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value - value === 0;
}

/** The `rest` of an ended task without other fields, as JSON; undefined for the default end. */
export function restOfEnd(outcome: string, attempt: number): string | undefined {
  const isUsual = outcome === USUAL_END.outcome;
  if (attempt === USUAL_END.attempt) return isUsual ? undefined : `{"outcome":"${outcome}"}`;
  return isUsual ? `{"attempt":${attempt}}` : `{"outcome":"${outcome}","attempt":${attempt}}`;
}

/** Converts milliseconds to whole microseconds, as a pool measures them; undefined for anything else. */
export function microseconds(ms: number | undefined): number | undefined {
  if (typeof ms !== 'number') return undefined;
  const whole = Math.round(ms * 1000);
  return whole / 1000 === ms && isNumber(whole) ? whole : undefined;
}
