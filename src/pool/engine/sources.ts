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

/** Instead of an item. */
const NOTHING: unique symbol = Symbol('nothing');

export class Sources {
  readonly #door: Door;
  readonly #admission: Admission;
  readonly #runner: Runner;
  readonly #attempts: Attempts;
  readonly #conditions: Conditions;
  readonly #calling: Calling;
  /** Called when a source has failed in a way that counts. Set once. */
  onFailed: (group: Group, error: unknown) => void = () => {};
  /** A task has ended that could not even wait: its group may take another item. Set once. */
  onGivenUp: (group: Group) => void = () => {};

  constructor(
    door: Door,
    admission: Admission,
    runner: Runner,
    attempts: Attempts,
    conditions: Conditions,
    calling: Calling,
  ) {
    this.#door = door;
    this.#admission = admission;
    this.#runner = runner;
    this.#attempts = attempts;
    this.#conditions = conditions;
    this.#calling = calling;
  }

  /**
   * Takes the next item of a group and queues its task. Returns whether that is held back, so that
   * another may go past it.
   *
   * @param context the one that is current, where that is known.
   */
  pull(group: Group, context: AsyncContext<Task> | undefined): boolean {
    const item = this.#next(group, context);
    if (item === NOTHING) return false;
    const task = this.#queue(group, item);
    this.#exhaustIfSpent(group);
    return task !== undefined && task.place !== -1;
  }

  /** Makes the task of the next item of a group, which is to start at once; undefined if there is none. */
  take(group: Group, context: AsyncContext<Task>): Task | undefined {
    const item = this.#next(group, context);
    if (item === NOTHING) return undefined;
    const task = this.#make(group, item);
    this.#door.record(taskQueued, task, task.index, detailOf(task, item));
    return task;
  }

  /**
   * The task of the next item of a group, which takes no code of the user's, as {@link Admission.passesToNext} has
   * seen; undefined if that failed.
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
    if (keys !== undefined) this.#admission.claim(task, keys);
    return task;
  }

  /** Lets a task that was {@link take taken} wait after all. */
  wait(task: Task): void {
    const { group } = task;
    this.#admission.enqueue(task);
    this.#admission.offer(group);
    this.#exhaustIfSpent(group);
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

  /** It threw, or cannot be read any further. `counts`: whether a caller has to be notified. */
  fail(group: Group, error: unknown, counts: boolean): void {
    if (group.source !== 'open') return;
    group.feed.close(error);
    group.feed = SPENT;
    group.failWith(error, counts);
    this.#door.record(Code.groupFailed, group, 0, { group: group.name, error: errorData(error) });
    if (counts) this.onFailed(group, error);
  }

  /** The next item of a group; {@link NOTHING} if there is none now. */
  #next(group: Group, context: AsyncContext<Task> | undefined): unknown {
    const { feed } = group;
    let item: unknown;
    try {
      const isInContext = group.context === context;
      if (feed.isQuick) item = feed.next(isInContext);
      else {
        item = this.#calling.nextOf(group, isInContext);
        this.#door.turn.passed();
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

  /** Lets the task of an item wait; undefined if its group wants none any more. */
  #queue(group: Group, item: unknown): Task | undefined {
    let keys: Keys | undefined;
    let failure: { readonly error: unknown } | undefined;
    try {
      keys = group.keysOf(item);
    } catch (error) {
      failure = { error };
    }
    // That was code of the user's: what it does to its own group is done before the task is made.
    if (group.source !== 'open') return undefined;
    const task = this.#make(group, item);
    if (keys !== undefined) this.#admission.claim(task, keys);
    if (failure === undefined) {
      // Before it is recorded: a subscriber may cancel it at once, or its group.
      this.#admission.enqueue(task);
      this.#admission.offer(group);
    }
    this.#door.record(taskQueued, task, task.index, detailOf(task, item));
    if (failure !== undefined && task.state === QUEUED) {
      this.#runner.giveUp(task, failure.error);
      this.onGivenUp(group);
    }
    return task;
  }

  #make(group: Group, item: unknown): Task {
    const task = group.makeTask(this.#door.state.totals.created, item);
    if (task.work.policy !== undefined) this.#attempts.enter(task);
    return task;
  }
}
