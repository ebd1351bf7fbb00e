/** Who asks for the results of a group, and what they have to get. */

import type { TaskGroup } from 'xstate-taskpool';
import type { GroupFact, TaskFact } from './facts.ts';
import { type Observed, observe } from './observed.ts';
import type { Consumer } from './steps.ts';

/** How many values of `ordered` may be done and not taken. */
const BUFFER = 2;

/** What a task has come to, in the order in which they ended. */
interface Ended {
  readonly task: TaskFact;
  /** What it returned or threw, as text. */
  readonly text: string;
}

export class Consuming {
  readonly kind: Consumer;
  readonly group: GroupFact;
  /** How many values of `ordered` were asked for. */
  taken = 0;
  /** Whether what had not started was cancelled. */
  isDropped = false;
  readonly #observed: Observed | undefined;
  readonly #iterator: AsyncGenerator<string> | undefined;
  readonly #takes: Observed[] = [];
  readonly #ended: Ended[] = [];

  constructor(kind: Consumer, group: GroupFact, handle: TaskGroup<string>) {
    this.kind = kind;
    this.group = group;
    if (kind === 'ordered') {
      this.#iterator = handle.ordered({ buffer: BUFFER });
      // A loop begins with its first step: before that nobody has asked for what may be forgotten.
      this.take();
    } else if (kind === 'first') this.#observed = observe(handle.first());
    else if (kind === 'results') this.#observed = observe(handle.results());
    else if (kind === 'settled') this.#observed = observe(handle.settled());
  }

  /** How many tasks there may be: a slow consumer holds the source back. */
  get reach(): number {
    return this.kind === 'ordered' ? this.taken + BUFFER : Number.POSITIVE_INFINITY;
  }

  take(): void {
    if (this.#iterator === undefined) return;
    this.taken++;
    const next = this.#iterator.next().then(({ done, value }) => (done === true ? 'done' : value));
    this.#takes.push(observe(next));
  }

  ended(task: TaskFact, text: string): void {
    this.#ended.push({ task, text });
  }

  /** What is wrong, once all that could happen has happened. */
  *problems(isDone: boolean): Generator<string> {
    const what = `${this.kind} of ${this.group.name}`;
    for (const [place, take] of this.#takes.entries()) yield* this.#checkTake(place, take);
    const { status, text } = this.#observed ?? {};
    const values = this.#ended.filter(({ task }) => task.outcome === 'fulfilled');
    const failed = this.#ended.find(({ task }) => task.outcome !== 'fulfilled');
    if (this.kind === 'first') {
      const [first] = values;
      if (first !== undefined && (status !== 'fulfilled' || text !== first.text)) {
        yield `${what} is ${status} ${text}, not ${first.text}`;
      }
      if (first === undefined && isDone && status !== 'rejected') yield `${what} is ${status}`;
      if (first === undefined && !isDone && status !== 'pending') yield `${what} is early`;
    } else if (this.kind === 'settled') {
      if ((status === 'fulfilled') !== isDone) yield `${what} is ${status}, done: ${isDone}`;
    } else if (this.kind === 'results') {
      // Of what is dropped or cancelled values are missing at once, if any are.
      const mayBeRejected = this.isDropped || this.group.source === 'cancelled';
      const isFailed = failed !== undefined || this.group.source === 'failed';
      const isRejected = isFailed || (mayBeRejected && status === 'rejected');
      const expected = isRejected ? 'rejected' : isDone ? 'fulfilled' : 'pending';
      if (status !== expected) yield `${what} is ${status}, not ${expected}`;
    }
  }

  /** A value comes in its place, or what follows the first one that failed. */
  *#checkTake(place: number, { status, text }: Observed): Generator<string> {
    const before = this.#ended.filter(({ task }) => task.index <= place);
    const own = before.find(({ task }) => task.index === place);
    const isWhole =
      before.length === place + 1 && before.every(({ task }) => task.outcome === 'fulfilled');
    if (isWhole && (status !== 'fulfilled' || text !== own?.text)) {
      yield `value ${place} of ${this.group.name} is ${status} ${text}, not ${own?.text}`;
    }
    if (status === 'fulfilled' && text !== 'done' && !isWhole) {
      yield `value ${place} of ${this.group.name} is ${text}, and out of order`;
    }
  }
}
