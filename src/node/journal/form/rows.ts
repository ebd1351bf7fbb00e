/** The rows of a batch, see `batch-form.ts`, as bytes. */

import { USUAL_END } from './batch-form.ts';
import { RowBytes } from './row-bytes.ts';

/** What stands between two rows. */
export type Separator = ',' | '\n';

/** About how many bytes a row takes. */
const USUAL_ROW = 24;
/** Events that may say nothing but which task they are about. */
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
  /** Most events are of the same group as the one before. */
  #lastGroup: string | undefined = undefined;
  #lastPlace = 0;

  /**
   * @param v the version, and `at` the time, of the first event.
   * @param count how many there will be.
   */
  constructor(v: number, at: number, count: number, separator: Separator) {
    this.v = v;
    this.#at = at;
    this.#bytes = new RowBytes(separator, count * USUAL_ROW);
  }

  /** A time as rows have it; undefined if that would not give the same time again. */
  since(at: unknown): number | undefined {
    // Subtracting would ask an object for a number.
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

  /** @param waited whole microseconds, as `ran`. */
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

  /** One of {@link ONLY_IDS}, by hand: there may be one for each of very many tasks that are cancelled or recovered. */
  onlyId(at: number, type: string, id: number): void {
    this.object(`{"at":${at},"type":"${type}","id":${id}}`);
  }

  /** The JSON of an object with the fields that the context of the batch does not say. */
  object(json: string): void {
    this.#bytes.begin('');
    this.#bytes.text(json);
  }

  /** All of them; nothing may be written afterwards. */
  end(): Buffer {
    return this.#bytes.end();
  }

  /** @param rest the JSON of the fields that a row does not say otherwise, if there are any. */
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

/** Whether JSON holds it as it is printed. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value - value === 0;
}

/**
 * What a row does not say of the end of a task that had no more than an outcome and times, as JSON; undefined if
 * that is the usual end.
 */
export function restOfEnd(outcome: string, attempt: number): string | undefined {
  const isUsual = outcome === USUAL_END.outcome;
  if (attempt === USUAL_END.attempt) return isUsual ? undefined : `{"outcome":"${outcome}"}`;
  return isUsual ? `{"attempt":${attempt}}` : `{"outcome":"${outcome}","attempt":${attempt}}`;
}

/** Undefined for what is not a whole number of them, as a pool measures it. */
export function microseconds(ms: number | undefined): number | undefined {
  if (typeof ms !== 'number') return undefined;
  const whole = Math.round(ms * 1000);
  return whole / 1000 === ms && isNumber(whole) ? whole : undefined;
}
