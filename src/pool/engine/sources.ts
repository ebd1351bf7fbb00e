/** Pulls items from the sources of groups, creates tasks for them, and records how sources end. */

import { Code } from '../../events/event-codes.ts';
import { runSoon } from '../../kit/jobs.ts';
import { QUEUED } from '../../machines/charts.ts';
import { errorData } from '../../machines/to-json.ts';
import type { Admission } from '../admission/admission.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Calling } from '../calling/calling.ts';
import type { Door } from '../door/door.ts';
import { DONE, failing, PENDING, SPENT } from '../feeds/feed.ts';
import type { Group, Task } from '../live/live.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Conditions } from '../waits/conditions.ts';
import { detailOf, type Keys } from './queued.ts';
import type { Runner } from './runner.ts';

const { taskQueued } = Code;

/** Returned instead of an item. */
const NOTHING: unique symbol = Symbol('nothing');

/** The parts of a pool that creating tasks involves. */
interface Parts {
  readonly door: Door;
  readonly admission: Admission;
  readonly runner: Runner;
  readonly attempts: Attempts;
  readonly conditions: Conditions;
  readonly calling: Calling;
  readonly cancelling: {
    /** A source has failed: what happens to the tasks of its group. */
    afterFailure(group: Group, error: unknown): void;
  };
  readonly scheduler: {
    /** Checks whether tasks of a group may start, in the next turn. */
    revisit(group: Group): void;
  };
}

export class Sources {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Takes the next item of a group and queues its task. Returns whether the task is held back, so that others may
   * overtake it.
   *
   * @param context the current one, if it is known.
   */
  pull(group: Group, context: AsyncContext<Task> | undefined): boolean {
    const item = this.#next(group, context);
    if (item === NOTHING) return false;
    const task = this.#queue(group, item);
    this.#exhaustIfSpent(group);
    return task !== undefined && task.place !== -1;
  }

  /** Creates the task of the next item of a group, to be started immediately; undefined if there is no item. */
  take(group: Group, context: AsyncContext<Task>): Task | undefined {
    const item = this.#next(group, context);
    if (item === NOTHING) return undefined;
    const task = this.#make(group, item);
    this.#parts.door.record(taskQueued, task, task.index, detailOf(task, item));
    return task;
  }

  /**
   * Creates the task of the next item of a group, which runs no user code, as {@link Admission.passesToNext} has
   * checked; undefined if that failed.
   */
  follow(group: Group): Task | undefined {
    let item: unknown;
    try {
      item = group.feed.next();
    } catch (error) {
      group.feed.close();
      group.feed = failing(error);
      return undefined;
    }
    const task = this.#make(group, item);
    const keys = group.keysOf(item);
    if (keys !== undefined) this.#parts.admission.claim(task, keys);
    return task;
  }

  /** Queues a task that was {@link take taken} but cannot start. */
  wait(task: Task): void {
    const { admission } = this.#parts;
    const { group } = task;
    admission.enqueue(task);
    admission.offer(group);
    this.#exhaustIfSpent(group);
  }

  /** Records that the source has no more items, or that no more are wanted. */
  exhaust(group: Group, reason?: unknown): void {
    if (group.source !== 'open') return;
    group.feed.close(reason);
    // The last of its waiting submissions has exhausted it already.
    if (group.source !== 'open' || group.isLasting) return;
    group.feed = SPENT;
    this.#parts.door.record(Code.groupExhausted, group, group.created, group.identity);
  }

  /**
   * Stops a source: nothing is pulled from now on. The event follows in a promise job, since another one may be in
   * the middle of being recorded.
   */
  stop(group: Group): void {
    if (group.source !== 'open') return;
    group.feed.close();
    if (group.isLasting) return;
    group.feed = SPENT;
    void runSoon(() => {
      this.exhaust(group);
      this.#parts.conditions.notify();
    });
  }

  /** Stops a source whose remaining items are dropped, so that values will be missing. */
  drop(group: Group, reason: unknown): void {
    if (group.source !== 'open') return;
    if (group.isIncomplete && !group.isLasting) group.failWith(reason, false);
    this.exhaust(group, reason);
  }

  /** Records that the source threw or cannot be read any further. `counts`: whether the error must be reported. */
  fail(group: Group, error: unknown, counts: boolean): void {
    if (group.source !== 'open') return;
    const { door, cancelling } = this.#parts;
    group.feed.close(error);
    group.feed = SPENT;
    group.failWith(error, counts);
    door.record(Code.groupFailed, group, 0, { group: group.name, error: errorData(error) });
    if (counts) cancelling.afterFailure(group, error);
  }

  /** The next item of a group; {@link NOTHING} if there is none now. */
  #next(group: Group, context: AsyncContext<Task> | undefined): unknown {
    const { feed } = group;
    let item: unknown;
    try {
      const isInContext = group.context === context;
      if (feed.isQuick) item = feed.next(isInContext);
      else {
        item = this.#parts.calling.nextOf(group, isInContext);
        this.#parts.door.turn.passed();
      }
    } catch (error) {
      this.fail(group, error, true);
      return NOTHING;
    }
    // The source may have run code that cancelled its own group.
    if (item === PENDING || group.source !== 'open') return NOTHING;
    if (item !== DONE) return item;
    this.exhaust(group);
    return NOTHING;
  }

  #exhaustIfSpent(group: Group): void {
    if (group.source === 'open' && group.feed.isSpent) this.exhaust(group);
  }

  /** Creates and queues the task of an item; undefined if its group takes no more items. */
  #queue(group: Group, item: unknown): Task | undefined {
    const { door, admission, runner, scheduler } = this.#parts;
    let keys: Keys | undefined;
    let failure: { readonly error: unknown } | undefined;
    try {
      keys = group.keysOf(item);
    } catch (error) {
      failure = { error };
    }
    // That ran user code, which may have cancelled its own group.
    if (group.source !== 'open') return undefined;
    const task = this.#make(group, item);
    if (keys !== undefined) admission.claim(task, keys);
    if (failure === undefined) {
      // Before the event is recorded, since a subscriber may cancel the task or its group immediately.
      admission.enqueue(task);
      admission.offer(group);
    }
    door.record(taskQueued, task, task.index, detailOf(task, item));
    if (failure !== undefined && task.state === QUEUED) {
      runner.giveUp(task, failure.error);
      // Its group may take another item.
      scheduler.revisit(group);
    }
    return task;
  }

  #make(group: Group, item: unknown): Task {
    const { door, attempts } = this.#parts;
    const task = group.makeTask(door.state.totals.created, item);
    if (task.work.policy !== undefined) attempts.enter(task);
    return task;
  }
}
