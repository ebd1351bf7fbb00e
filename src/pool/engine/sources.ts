/** The sources of groups, from the call that brings one to its end. */

import { Code } from '../../event-codes.ts';
import { runSoon } from '../../kit/jobs.ts';
import { SPENT } from '../feeds/feed.ts';
import type { Recording } from '../persistence/persister.ts';
import { errorData } from '../to-json.ts';
import type { Conditions } from './conditions.ts';
import type { Door } from './door.ts';
import type { Group } from './live.ts';

export class Sources {
  readonly #door: Door;
  readonly #conditions: Conditions;
  /** Called when a source has failed in a way that counts. Set once. */
  onFailed: (group: Group, error: unknown) => void = () => {};

  constructor(door: Door, conditions: Conditions) {
    this.#door = door;
    this.#conditions = conditions;
  }

  /** A group was made; what else the journal is to hold of the call is recorded with it. */
  open(group: Group, further: readonly Recording[]): void {
    if (further.length === 0) this.#door.record(Code.groupCreated, group, 0, group.identity);
    else {
      const created = { code: Code.groupCreated, subject: group, n: 0, detail: group.identity };
      this.#door.recordTogether([created, ...further]);
    }
  }

  /** It has no more items, or no more are wanted. */
  exhaust(group: Group, reason?: unknown): void {
    if (group.source !== 'open') return;
    group.feed.close(reason);
    if (group.isLasting) return;
    group.feed = SPENT;
    this.#door.record(Code.groupExhausted, group, group.created, group.identity);
  }

  /**
   * No more items are wanted. Nothing is pulled from now on; the event follows in a promise job, since
   * another one may just be recorded.
   */
  stop(group: Group): void {
    if (group.source !== 'open') return;
    group.feed.close();
    if (group.isLasting) return;
    group.feed = SPENT;
    void runSoon(() => {
      this.exhaust(group);
      this.#conditions.poke();
    });
  }

  /** No more items are wanted, nor what waits: values will be missing because of that. */
  drop(group: Group, reason: unknown): void {
    if (group.source !== 'open') return;
    if (group.isIncomplete && !group.isLasting) group.failWith(reason, false);
    this.exhaust(group, reason);
  }

  /** It threw, or cannot be read any further. `counts`: whether somebody has to be notified. */
  fail(group: Group, error: unknown, counts: boolean): void {
    if (group.source !== 'open') return;
    group.feed.close(error);
    group.feed = SPENT;
    group.failWith(error, counts);
    this.#door.record(Code.groupFailed, group, 0, { group: group.name, error: errorData(error) });
    if (counts) this.onFailed(group, error);
  }
}
