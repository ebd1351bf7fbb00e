/** A waiting task: its place in line, and the keys of limits it needs. */

import type { LineEntry } from '../../kit/ordered-line.ts';
import type { Key } from '../admission/key.ts';
import { AttemptedTask } from './attempted-task.ts';

/** The fields of tasks that wait behind others of their group, have a priority or need keys. */
class Standing {
  score = 0;
  place = -1;
  previous: WaitingTask | undefined = undefined;
  next: WaitingTask | undefined = undefined;
  waitingSince: number | undefined = undefined;
  keys: readonly Key[] | undefined = undefined;
  holdsKeys = false;
}

/**
 * In a separate object, since hardly any task needs these fields. Adding them to the tasks that do would give tasks
 * several hidden classes, and slow down all code that reads tasks.
 */
export abstract class WaitingTask extends AttemptedTask implements LineEntry<WaitingTask> {
  private standing: Standing | undefined = undefined;

  /** Tasks of equal score start in the order of creation. */
  get arrival(): number {
    return this.id;
  }

  /** Its score in the line of its group, from its priority. */
  get score(): number {
    return this.standing === undefined ? 0 : this.standing.score;
  }

  set score(score: number) {
    this.stand().score = score;
  }

  /** Its place in that line. */
  get place(): number {
    return this.standing === undefined ? -1 : this.standing.place;
  }

  set place(place: number) {
    this.stand().place = place;
  }

  get previous(): this | undefined {
    return this.standing?.previous as this | undefined;
  }

  set previous(previous: this | undefined) {
    this.stand().previous = previous;
  }

  get next(): this | undefined {
    return this.standing?.next as this | undefined;
  }

  set next(next: this | undefined) {
    this.stand().next = next;
  }

  /** When it began to wait, by the monotonic clock; undefined unless tasks age. */
  get waitingSince(): number | undefined {
    return this.standing?.waitingSince;
  }

  set waitingSince(since: number | undefined) {
    this.stand().waitingSince = since;
  }

  /** The keys that it needs; undefined for most. */
  get keys(): readonly Key[] | undefined {
    return this.standing?.keys;
  }

  set keys(keys: readonly Key[] | undefined) {
    this.stand().keys = keys;
  }

  /** Whether its keys count it as running. */
  get holdsKeys(): boolean {
    return this.standing?.holdsKeys === true;
  }

  set holdsKeys(holds: boolean) {
    this.stand().holdsKeys = holds;
  }

  private stand(): Standing {
    this.standing ??= new Standing();
    return this.standing;
  }
}
