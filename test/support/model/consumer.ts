/** Those who ask for the results of a group, and what they should get. */

import { isDone, type TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import { type Expected, failureOf, isReason, type Observed, observe, resultOf } from './outcome.ts';
import type { World } from './world.ts';

export interface Consumer {
  readonly job: Job;
  /** Whether it was told that results have been let go. */
  readonly isRefused: boolean;
  /** Whether it got the failure of this task. */
  gets(task: TaskFacts): boolean;
  /** Whether it got what the source threw. */
  readonly getsFailure: boolean;
  /** Compares what it got with what it should have, once all is quiet. */
  check(): void;
}

/** Whether results are not there any more; undefined while somebody may be taking them. */
function isLetGo(job: Job): boolean | undefined {
  const { consumers, isQuiet } = job.world;
  if (!isQuiet) return undefined;
  const takers = consumers.filter((each) => each instanceof Iteration && each.job === job);
  return job.facts.ended.some(
    (task) => !task.isRemembered || takers.some((each) => (each as Iteration).hasTaken(task)),
  );
}

const isFailure = ({ outcome }: TaskFacts) => outcome !== 'fulfilled';

function isRefusal(observed: Observed): boolean {
  const isRejected = observed.status === 'rejected';
  return isRejected && isReason({ code: 'ResultsNotRetained' }, observed.reason);
}

/** `results()` or `settled()`. */
abstract class Asking implements Consumer {
  readonly job: Job;
  readonly world: World;
  /** Undefined where that depends on what goes on at the same time. */
  readonly #isRefused: boolean | undefined;
  protected readonly observed: () => Observed;

  constructor(job: Job, what: 'results' | 'settled', before: readonly Asking[]) {
    this.job = job;
    this.world = job.world;
    // Once it was granted it stays so.
    const isGranted = before.some((each) => each.#isGranted);
    this.#isRefused = isGranted ? false : isLetGo(job);
    const promise = this.world.call(`${what} of ${job.label}`, [undefined], () =>
      what === 'results' ? job.handle.results() : job.handle.settled(),
    );
    this.observed = observe(promise as Promise<unknown>);
  }

  get isRefused(): boolean {
    return this.#isRefused ?? isRefusal(this.observed());
  }

  get #isGranted(): boolean {
    return this.#isRefused === false || (this.world.isQuiet && !this.isRefused);
  }

  abstract gets(task: TaskFacts): boolean;
  abstract readonly getsFailure: boolean;
  protected abstract readonly expected: Expected;

  check(): void {
    const observed = this.observed();
    const expected: Expected = this.isRefused
      ? { status: 'rejected', reason: { code: 'ResultsNotRetained' } }
      : this.expected;
    if (isAsExpected(expected, observed)) return;
    const name = this.constructor.name.toLowerCase();
    this.world.report(
      `${name} of ${this.job.label} is ${show(observed)}, expected ${show(expected)}`,
    );
  }
}

export class Results extends Asking {
  constructor(job: Job) {
    super(job, 'results', askedBefore(job, Results));
  }

  gets(task: TaskFacts): boolean {
    return !this.isRefused && task === this.#firstFailure;
  }

  get getsFailure(): boolean {
    return !this.isRefused && isDone(this.job.facts) && this.#firstFailure === undefined;
  }

  protected get expected(): Expected {
    const { job, world } = this;
    const failed = this.#firstFailure;
    if (failed !== undefined) return resultOf(world, job, failed);
    if (!isDone(job.facts)) return { status: 'pending' };
    const failure = failureOf(job);
    if (failure !== undefined) return { status: 'rejected', reason: failure };
    const values = job.facts.tasks.map((task) => job.runOf(task)?.result?.value);
    return { status: 'fulfilled', value: values };
  }

  get #firstFailure(): TaskFacts | undefined {
    return this.job.facts.ended.find(isFailure);
  }
}

export class Settled extends Asking {
  constructor(job: Job) {
    super(job, 'settled', askedBefore(job, Settled));
  }

  gets(): boolean {
    return !this.isRefused;
  }

  /** What the source threw is nobody's result. */
  readonly getsFailure = false;

  protected get expected(): Expected {
    const { job } = this;
    if (!isDone(job.facts)) return { status: 'pending' };
    return { status: 'fulfilled', value: job.facts.tasks.map((task) => this.#entry(task)) };
  }

  #entry(task: TaskFacts): object {
    const { id, index, outcome: status } = task;
    const result = resultOf(this.world, this.job, task);
    if (result.status === 'fulfilled') return { status, id, index, value: result.value };
    const reason = result.status === 'rejected' ? result.reason : undefined;
    return { status, id, index, reason };
  }
}

function askedBefore(job: Job, kind: typeof Results | typeof Settled): Asking[] {
  return job.world.consumers.filter(
    (each): each is Results | Settled => each instanceof kind && each.job === job,
  );
}

/** `for await`, one step at a time. */
export class Iteration implements Consumer {
  readonly job: Job;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #steps: (() => Observed)[] = [];
  #isRefused: boolean | undefined = false;
  /** The step with which it takes no more. */
  #leftAt = Number.POSITIVE_INFINITY;

  constructor(job: Job) {
    this.job = job;
    this.#iterator = job.handle[Symbol.asyncIterator]();
  }

  get isRefused(): boolean {
    const [first] = this.#steps;
    return this.#isRefused ?? (first !== undefined && isRefusal(first()));
  }

  /** Whether it has begun, was not refused, and has neither ended nor been left. */
  get isOpen(): boolean {
    const isThrough = this.#steps.length > this.#numTaken && !this.isWaiting;
    const isLeft = this.#leftAt <= this.#steps.length;
    return this.#steps.length > 0 && !this.isRefused && !isLeft && !isThrough;
  }

  /** Whether it waits for the next result. */
  get isWaiting(): boolean {
    return this.#steps.at(-1)?.().status === 'pending';
  }

  next(): void {
    const { world } = this.job;
    if (this.#steps.length === 0) this.#isRefused = isLetGo(this.job);
    const step = world.call(`next of ${this.job.label}`, [undefined], () => this.#iterator.next());
    this.#steps.push(observe(step as Promise<unknown>));
  }

  leave(): void {
    this.#leftAt = Math.min(this.#leftAt, this.#steps.length);
    const { world } = this.job;
    world.call(`leave ${this.job.label}`, [undefined], () => void this.#iterator.return?.());
  }

  hasTaken(task: TaskFacts): boolean {
    const place = this.job.facts.ended.indexOf(task);
    const { status } = this.#steps[place]?.() ?? { status: 'pending' };
    return place >= 0 && !this.#isPastEnd(place) && status !== 'pending' && !this.isRefused;
  }

  gets(task: TaskFacts): boolean {
    return this.hasTaken(task);
  }

  get getsFailure(): boolean {
    const { facts } = this.job;
    const place = facts.ended.length;
    const isReached = this.#firstFailure === Number.POSITIVE_INFINITY && isDone(facts);
    const { status } = this.#steps[place]?.() ?? { status: 'pending' };
    return isReached && !this.#isPastEnd(place) && status === 'rejected';
  }

  check(): void {
    for (const [place, step] of this.#steps.entries()) {
      const observed = step();
      const expected = this.#expected(place);
      if (isAsExpected(expected, observed)) continue;
      this.job.world.report(
        `step ${place} through ${this.job.label} is ${show(observed)}, expected ${show(expected)}`,
      );
    }
    const hasStopped = this.#steps.length > 0 && !this.isOpen && !this.isRefused;
    if (hasStopped && this.job.facts.source === 'open') {
      this.job.world.report(`${this.job.label} was left, and its source is still open`);
    }
  }

  #expected(place: number): Expected {
    const { job } = this;
    const { ended } = job.facts;
    const end: Expected = { status: 'fulfilled', value: { done: true, value: undefined } };
    if (this.isRefused) {
      return place > 0 ? end : { status: 'rejected', reason: { code: 'ResultsNotRetained' } };
    }
    if (this.#isPastEnd(place)) return end;
    const task = ended[place];
    if (task !== undefined) {
      const result = resultOf(job.world, job, task);
      if (result.status !== 'fulfilled') return result;
      return { status: 'fulfilled', value: { done: false, value: result.value } };
    }
    if (!isDone(job.facts)) return { status: 'pending' };
    const failure = failureOf(job);
    const isNext = place === ended.length;
    return failure !== undefined && isNext ? { status: 'rejected', reason: failure } : end;
  }

  /** Whether a step came after the loop had been left, or had thrown. */
  #isPastEnd(place: number): boolean {
    return place > this.#firstFailure || place >= this.#leftAt;
  }

  /** The step that throws the failure of a task. */
  get #firstFailure(): number {
    const place = this.job.facts.ended.findIndex(isFailure);
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  }

  /** How many steps gave a value. */
  get #numTaken(): number {
    return this.#steps.filter((step) => {
      const observed = step();
      return (
        observed.status === 'fulfilled' && (observed.value as { done: boolean }).done === false
      );
    }).length;
  }
}

function isAsExpected(expected: Expected, observed: Observed): boolean {
  if (expected.status === 'rejected') {
    return observed.status === 'rejected' && isReason(expected.reason, observed.reason);
  }
  if (expected.status === 'pending' || observed.status !== 'fulfilled') {
    return expected.status === observed.status;
  }
  return isSame(expected.value, observed.value);
}

/** Deep equality, where a list of results is expected to hold reasons of a kind. */
function isSame(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, place) => isSame(each, actual[place]))
    );
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual);
  const given = Object(actual) as Record<string, unknown>;
  const keysOf = (value: object) => Object.keys(value).sort().join();
  return (
    keysOf(expected) === keysOf(given) &&
    Object.entries(expected).every(([key, value]) =>
      key === 'reason' ? isReason(value, given[key]) : isSame(value, given[key]),
    )
  );
}

function show(state: Expected | Observed): string {
  if (state.status === 'pending') return 'pending';
  const value = state.status === 'fulfilled' ? state.value : state.reason;
  const text = value instanceof Error ? String(value) : JSON.stringify(value);
  return `${state.status} with ${text}`;
}
