/** Consumers of the results of a group, and what they must receive. */

import type { TaskGroup } from 'xstate-taskpool';
import type { GroupFact, TaskFact } from './facts.ts';
import { type Observed, observe } from './observed.ts';
import type { Consumer } from './steps.ts';

/** The option `buffer` of `ordered`. */
const BUFFER = 2;

/** The outcome of a task, in the order of ending. */
interface Ended {
  readonly task: TaskFact;
  /** Its value or error, as text. */
  readonly text: string;
}

export class Consuming {
  readonly kind: Consumer;
  readonly group: GroupFact;
  /** How many values of `ordered` were requested. */
  taken = 0;
  /** Whether tasks that had not started were cancelled. */
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
      // A loop begins with its first step: before that its results may be forgotten.
      this.take();
    } else if (kind === 'first') this.#observed = observe(handle.first());
    else if (kind === 'results') this.#observed = observe(handle.results());
    else if (kind === 'settled') this.#observed = observe(handle.settled());
  }

  /** How many tasks may be created: a slow consumer holds the source back. */
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

  /** The problems, once everything that could happen has happened. */
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
      // After a cancellation, missing values are reported immediately.
      const mayBeRejected = this.isDropped || this.group.source === 'cancelled';
      const isFailed = failed !== undefined || this.group.source === 'failed';
      const isRejected = isFailed || (mayBeRejected && status === 'rejected');
      const expected = isRejected ? 'rejected' : isDone ? 'fulfilled' : 'pending';
      if (status !== expected) yield `${what} is ${status}, not ${expected}`;
    }
  }

  /** Each value must come at its place; after the first failure the iteration has ended. */
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
