import { isAsExpected, isRefusal, show } from './compare.ts';
import type { Consumer } from './consumer.ts';
import { isDone, type TaskFacts } from './facts.ts';
import type { Job } from './job.ts';
import { type Expected, type Observed, observe, resultOf, shortfallOf } from './outcome.ts';

const hasStarted = ({ startedAt }: TaskFacts) => startedAt !== undefined;
const isFailure = ({ outcome }: TaskFacts) => outcome !== 'fulfilled';

/** `for await`, one step at a time. */
export class Iteration implements Consumer {
  readonly job: Job;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #steps: (() => Observed)[] = [];
  #isRefused: boolean | undefined = false;
  /** The step from which on it takes no more. */
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

  /** Pending steps receive no results any more. */
  leave(): void {
    const { world, facts } = this.job;
    const numSettled = facts.ended.length + (isDone(facts) ? 1 : 0);
    this.#leftAt = Math.min(this.#leftAt, this.#steps.length, numSettled);
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
    const shortfall = shortfallOf(job);
    const isNext = place === ended.length;
    return shortfall !== undefined && isNext
      ? { status: 'rejected', reason: shortfall.reason }
      : end;
  }

  /** Whether a step came after the loop had been left, or had thrown. */
  #isPastEnd(place: number): boolean {
    return place > this.#firstFailure || place >= this.#leftAt;
  }

  /** The step that must throw the failure of a task. */
  get #firstFailure(): number {
    const place = this.job.facts.ended.findIndex(isFailure);
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  }

  /** How many steps returned a value. */
  get #numTaken(): number {
    return this.#steps.filter((step) => {
      const observed = step();
      return (
        observed.status === 'fulfilled' && (observed.value as { done: boolean }).done === false
      );
    }).length;
  }
}

/** Whether results were released; undefined while a consumer may be taking them. */
export function isLetGo(job: Job): boolean | undefined {
  const { consumers, isQuiet } = job.world;
  if (!isQuiet) return undefined;
  const { ended } = job.facts;
  const takers = consumers.filter((each) => each instanceof Iteration && each.job === job);
  const isTaken = (task: TaskFacts) =>
    !isFailure(task) && takers.some((each) => (each as Iteration).hasTaken(task));
  // No consumer could have asked before tasks that never started were forgotten.
  const isForgotten = ({ isRemembered }: TaskFacts) => !isRemembered && ended.some(hasStarted);
  return ended.some((task) => isForgotten(task) || isTaken(task));
}
