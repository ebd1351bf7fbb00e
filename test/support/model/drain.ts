/** `flush` and `gatherAndClose`, which receive the errors that no other consumer has received. */

import { errorOf, identify, type Observed, observe } from './outcome.ts';
import type { World } from './world.ts';

export class Drain {
  readonly what: 'flush' | 'gatherAndClose';
  readonly #world: World;
  readonly #returns: boolean;
  readonly #observed: () => Observed;
  /** What it must raise if it does so before anything else happens. */
  #expected: readonly unknown[] | undefined;
  /** The callbacks that it must wait for. */
  readonly #callbacks: readonly string[];
  readonly #stirs: number;
  #isTold = false;

  constructor(
    world: World,
    what: 'flush' | 'gatherAndClose',
    returns: boolean,
    promise: Promise<unknown>,
  ) {
    this.what = what;
    this.#world = world;
    this.#returns = returns;
    this.#callbacks = [...world.callbacks.underWay];
    this.#expected = world.isQuiet ? unclaimed(world) : undefined;
    this.#stirs = world.numStirs;
    this.#observed = observe(promise);
  }

  get isPending(): boolean {
    return this.#observed().status === 'pending';
  }

  check(): void {
    const observed = this.#observed();
    if (observed.status !== 'pending' && !this.#isTold) this.#tell(observed);
    this.#expected = undefined;
    const { oracle, callbacks } = this.#world;
    if (this.what === 'gatherAndClose') {
      if (this.isPending === (oracle.status === 'closed'))
        this.#report('is not over with the pool');
    } else if (this.isPending && callbacks.underWay.size === 0) {
      this.#report('waits for nothing');
    }
  }

  #tell(observed: Observed): void {
    this.#isTold = true;
    const early = this.#callbacks.filter((label) => this.#world.callbacks.underWay.has(label));
    if (early.length > 0) this.#report(`did not wait for ${early.join(', ')}`);
    const errors = this.#errorsOf(observed).map(identify);
    for (const error of errors) {
      if (this.#world.raised.includes(error)) this.#report(`raises ${error} again`);
      if (this.#world.claimed.has(error)) this.#report(`raises ${error}, which was delivered`);
    }
    this.#world.raised.push(...errors);
    this.#world.note(`  ${this.what} raises ${errors.length ? errors.join(', ') : 'nothing'}`);
    const expected = this.#expected;
    if (expected === undefined || this.#stirs !== this.#world.numStirs) return;
    for (const error of expected) if (!errors.includes(error)) this.#report(`forgets ${error}`);
    for (const error of errors) if (!expected.includes(error)) this.#report(`raises ${error}`);
  }

  /** A single error as itself, several as an AggregateError; or all of them as an array. */
  #errorsOf(observed: Observed): unknown[] {
    if (observed.status === 'fulfilled') {
      const errors = observed.value as unknown[];
      if (!this.#returns && errors.length > 0) this.#report('returns errors instead of throwing');
      return errors;
    }
    if (observed.status === 'pending') return [];
    if (this.#returns) this.#report('throws instead of returning errors');
    const { reason } = observed;
    if (isProgramError(this.#world, reason) || !(reason instanceof AggregateError)) return [reason];
    if (reason.errors.length < 2) this.#report('wraps a single error');
    return reason.errors;
  }

  #report(problem: string): void {
    this.#world.report(`${this.what} ${problem}`);
  }
}

/** The errors that no consumer has received so far. */
function unclaimed(world: World): unknown[] {
  return failures(world)
    .filter(({ error, isClaimed }) => !isClaimed && !world.raised.includes(error))
    .map(({ error }) => error);
}

/** All errors of tasks and sources, and whether a consumer receives them. */
export function failures(world: World): { error: unknown; isClaimed: boolean }[] {
  return world.jobs.flatMap((job) => {
    const consumers = world.consumers.filter((each) => each.job === job && !each.isRefused);
    const ofTasks = job.facts.ended
      .filter(({ outcome }) => outcome === 'rejected')
      .map((task) => ({
        error: errorOf(job, task),
        isClaimed: consumers.some((each) => each.gets(task)),
      }));
    if (job.facts.failure === undefined) return ofTasks;
    const isClaimed = consumers.some((each) => each.getsFailure);
    return [...ofTasks, { error: job.source?.failure?.error, isClaimed }];
  });
}

function isProgramError(world: World, error: unknown): boolean {
  return failures(world).some((failure) => failure.error === identify(error));
}
