import { isAsExpected, isRefusal, show } from './compare.ts';
import type { Consumer } from './consumer.ts';
import { isDone, type TaskFacts } from './facts.ts';
import { isLetGo } from './iteration.ts';
import type { Job } from './job.ts';
import { type Expected, type Observed, observe, resultOf, shortfallOf } from './outcome.ts';
import type { World } from './world.ts';

const WAITS_FOR_ITSELF: Expected = { status: 'rejected', reason: { code: 'WouldDeadlock' } };

const isFailure = ({ outcome }: TaskFacts) => outcome !== 'fulfilled';

/** `results()` or `settled()`. */
abstract class Asking implements Consumer {
  readonly job: Job;
  readonly world: World;
  /** Undefined if that depends on concurrent steps. */
  readonly #isRefused: boolean | undefined;
  readonly #isInSource: boolean;
  protected readonly observed: () => Observed;

  constructor(
    job: Job,
    what: 'results' | 'settled',
    before: readonly Asking[],
    isInSource: boolean,
  ) {
    this.job = job;
    this.world = job.world;
    this.#isInSource = isInSource;
    // Once granted, it stays granted.
    const isGranted = before.some((each) => each.#isGranted);
    this.#isRefused = isGranted ? false : isLetGo(job);
    const promise = this.world.call(`${what} of ${job.label}`, [undefined], () =>
      what === 'results' ? job.handle.results() : job.handle.settled(),
    );
    this.observed = observe(promise as Promise<unknown>);
  }

  get isRefused(): boolean {
    return this.#waitsForItself || (this.#isRefused ?? isRefusal(this.observed()));
  }

  /** Whether the pool has noticed that the source of the group asks: it has, unless another context called it. */
  get #waitsForItself(): boolean {
    return this.#isInSource && isAsExpected(WAITS_FOR_ITSELF, this.observed());
  }

  get #isGranted(): boolean {
    if (this.#waitsForItself) return false;
    return this.#isRefused === false || (this.world.isQuiet && !this.isRefused);
  }

  abstract gets(task: TaskFacts): boolean;
  abstract readonly getsFailure: boolean;
  protected abstract readonly expected: Expected;

  check(): void {
    if (this.#waitsForItself) return;
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
  /** @param isInSource whether the source of the group asks. */
  constructor(job: Job, isInSource = false) {
    super(job, 'results', askedBefore(job, Results), isInSource);
  }

  gets(task: TaskFacts): boolean {
    return !this.isRefused && !this.#isShortFirst && task === this.#failed;
  }

  get getsFailure(): boolean {
    return !this.isRefused && this.#isShortFirst;
  }

  /** The first cause of a missing value, as soon as there is one. */
  protected get expected(): Expected {
    const { job, world } = this;
    const shortfall = shortfallOf(job);
    if (shortfall !== undefined && this.#isShortFirst) {
      return { status: 'rejected', reason: shortfall.reason };
    }
    const failed = this.#failed;
    if (failed !== undefined) return resultOf(world, job, failed);
    if (!isDone(job.facts)) return { status: 'pending' };
    const values = job.facts.tasks.map((task) => job.runOf(task)?.result?.value);
    return { status: 'fulfilled', value: values };
  }

  get #failed(): TaskFacts | undefined {
    return this.job.facts.ended.find(isFailure);
  }

  /** Whether the source has failed, or the group was cancelled, before any task has failed. */
  get #isShortFirst(): boolean {
    const shortfall = shortfallOf(this.job);
    if (shortfall === undefined) return false;
    const place = this.job.facts.ended.findIndex(isFailure);
    return place < 0 || place >= shortfall.after;
  }
}

/** `results()` of a function's own group: it would wait for itself. */
export class OwnResults implements Consumer {
  readonly job: Job;
  readonly isRefused = true;
  readonly getsFailure = false;
  readonly #observed: () => Observed;

  constructor(job: Job) {
    this.job = job;
    const promise = job.world.call(`own results of ${job.label}`, [undefined], () =>
      job.handle.results(),
    );
    this.#observed = observe(promise as Promise<unknown>);
  }

  gets(): boolean {
    return false;
  }

  check(): void {
    const observed = this.#observed();
    if (isAsExpected(WAITS_FOR_ITSELF, observed)) return;
    this.job.world.report(`own results of ${this.job.label} is ${show(observed)}`);
  }
}

export class Settled extends Asking {
  constructor(job: Job) {
    super(job, 'settled', askedBefore(job, Settled), false);
  }

  gets(): boolean {
    return !this.isRefused;
  }

  /** The error of the source is no result. */
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
