/** Shows an inspector a sample of a pool's tasks: all events of a task, or none. */

import type { Actor, AnyActorLogic, AnyActorRef, InspectionEvent, Observer } from 'xstate';
import { abortable } from '../kit/abortable.ts';
import {
  checkCallback,
  checkFlag,
  checkGrace,
  checkLimit,
  checkOf,
  checkPositiveLimit,
  checkSignal,
  hasMethods,
} from '../kit/checks.ts';
import { later } from '../kit/later.ts';
import { reasonOf } from '../kit/on-abort.ts';
import { OptionBag } from '../kit/option-bag.ts';
import type { TaskFacts } from '../machines/task-machine.ts';
import { connection, type Inspect, type Inspector, showTo } from './adapter.ts';

/** The data by which tasks are chosen. */
export type InspectedTask = Pick<TaskFacts, 'id' | 'group' | 'index' | 'attempt'>;

/** Options of {@link inspectSample}. */
export interface InspectSampleOptions {
  /** Show the first accepted task and every nth after it. Default: 1, all of them. */
  readonly every?: number;
  /** The maximum number of tasks shown: an inspector keeps every task that it was ever shown. Default: `Infinity`. */
  readonly max?: number;
  /** Whether to choose from this task. Default: all tasks. */
  readonly filter?: (task: InspectedTask) => boolean;
  /** Whether to show the pool's actor with the events of its groups. Default: true. */
  readonly groups?: boolean;
  /**
   * A promise to wait for before anything is shown; if it rejects, nothing is shown. Default: the connection of the
   * inspector's adapter, if it is one of `@statelyai/inspect`.
   */
  readonly ready?: PromiseLike<unknown>;
  /**
   * The number of events buffered until then. When the buffer is full, whole tasks and the latest events of the pool
   * are dropped. Default: 10,000.
   */
  readonly hold?: number;
}

const OPTIONS = new OptionBag<InspectSampleOptions>({
  every: [checkPositiveLimit, 'interval', 'sample', 'rate'],
  max: [checkLimit, 'limit', 'maxTasks', 'tasks'],
  filter: [checkCallback, 'where', 'predicate'],
  groups: [checkFlag, 'group'],
  ready: [checkOf('a promise', (value) => hasMethods(value, 'then')), 'connected', 'wait'],
  hold: [checkLimit, 'buffer', 'maxHeld', 'queue'],
});

/** Shows its inspector a sample. Pass it as the `inspect` option of a pool. */
export interface InspectSample extends Observer<InspectionEvent> {
  next(event: InspectionEvent): void;
  /** The number of tasks chosen and not dropped. */
  readonly numTasks: number;
  /** The number of buffered events. */
  readonly numHeld: number;
  /** The number of events dropped because the buffer was full. */
  readonly numDropped: number;
  /**
   * Resolves with true when the buffer is empty and a timer has fired since: inspectors of `@statelyai/inspect` send
   * in a timer, and lose unsent events when they are stopped. Resolves with false if the inspector has not connected
   * within `timeout`, or `ready` has rejected. Rejects with the reason of the signal if that is aborted.
   *
   * @throws TypeError, RangeError for invalid options.
   */
  untilShown(options?: UntilShownOptions): Promise<boolean>;
}

/** Options of {@link InspectSample.untilShown}. */
export interface UntilShownOptions {
  /** Aborts waiting. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * The maximum time to wait for the inspector, in milliseconds. Default: 15,000, in which an inspector of
   * `@statelyai/inspect` tries to connect three times; `Infinity` if the sample has `ready`.
   */
  readonly timeout?: number;
}

const WAIT_OPTIONS = new OptionBag<UntilShownOptions>({
  signal: [checkSignal, 'abort', 'abortSignal'],
  timeout: [checkGrace, 'patience', 'ms', 'wait'],
});

const PATIENCE = 15_000;

/**
 * Shows an inspector the actor of a pool and those of a sample of its tasks: all events of a task, or none. A task
 * older than the inspection starts with its current state.
 *
 * @throws RangeError, TypeError for invalid options.
 */
export function inspectSample(
  inspector: Inspector | Inspect,
  options: InspectSampleOptions = {},
): InspectSample {
  OPTIONS.check('inspectSample()', options);
  const { every = 1, max = Number.POSITIVE_INFINITY, hold = 10_000 } = options;
  return new Sample(inspector, { ...options, every, max, hold });
}

/** Settles like the promise, or resolves with false after the timeout; rejects when the signal is aborted. */
function firstOf(
  promise: Promise<boolean>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return abortable(signal, (resolve) => {
    const end = (value: boolean): void => {
      stop();
      resolve(value);
    };
    const stop = later(timeout, () => end(false));
    void promise.then(end);
    return stop;
  });
}

const SKIPPED = 0;
const CHOSEN = 1;
const DROPPED = 2;

type Settings = InspectSampleOptions &
  Required<Pick<InspectSampleOptions, 'every' | 'max' | 'hold'>>;

class Sample implements InspectSample {
  numTasks = 0;
  numDropped = 0;
  readonly #settings: Settings;
  #show: (event: InspectionEvent) => void;
  /** Resolves with whether the inspector is connected. */
  readonly #opened: Promise<boolean>;
  /** The number of tasks accepted by the filter. */
  #numAccepted = 0;
  /** The choice for each task that has not ended. */
  readonly #choices = new Map<AnyActorRef, number>();
  /** The actors of pools that were announced to the inspector. */
  readonly #pools = new WeakSet<AnyActorRef>();
  #held: InspectionEvent[] | undefined = undefined;
  /** Dropped tasks, of which some events are still buffered. */
  readonly #dropped = new Set<unknown>();

  constructor(inspector: Inspector | Inspect, settings: Settings) {
    this.#settings = settings;
    this.#show = showTo(inspector);
    const ready = settings.ready ?? connection(inspector);
    this.#opened = ready === undefined ? Promise.resolve(true) : this.#holdUntil(ready);
  }

  get numHeld(): number {
    return this.#held?.length ?? 0;
  }

  next(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef;
    const pool = actor._parent;
    if (pool === undefined) {
      this.#introducePool(actor, event);
      if (this.#showsOfPool(event)) this.#pass(event);
      return;
    }
    const choice = this.#choices.get(actor) ?? this.#meet(actor, pool, event);
    if (choice === CHOSEN) this.#pass(event);
    else if (choice === DROPPED) this.numDropped++;
    if (event.type === '@xstate.snapshot' && event.snapshot.status !== 'active') {
      this.#choices.delete(actor);
    }
  }

  async untilShown(options: UntilShownOptions = {}): Promise<boolean> {
    WAIT_OPTIONS.check('untilShown()', options);
    const { ready } = this.#settings;
    const { signal, timeout = ready === undefined ? PATIENCE : Number.POSITIVE_INFINITY } = options;
    if (signal?.aborted === true) throw reasonOf(signal);
    const isShown = await firstOf(this.#opened, timeout, signal);
    // Events passed on just now are sent in a timer.
    if (isShown) await firstOf(new Promise<boolean>(() => {}), 0, signal);
    return isShown;
  }

  #showsOfPool(event: InspectionEvent): boolean {
    if (!('event' in event)) return true;
    if (this.#settings.groups === false && event.event.type.startsWith('group.')) return false;
    // A task that ends notifies its parent.
    const source = event.type === '@xstate.event' ? event.sourceRef : undefined;
    const choice = this.#choices.get(source as AnyActorRef) ?? CHOSEN;
    if (choice === DROPPED) this.numDropped++;
    return choice === CHOSEN;
  }

  /** Announces the actor of a pool that is older than the inspection. */
  #introducePool(pool: AnyActorRef, event: InspectionEvent): void {
    if (this.#pools.has(pool)) return;
    this.#pools.add(pool);
    if (event.type !== '@xstate.actor' || event.actorRef !== pool) this.#announce(pool, event);
  }

  #meet(actor: AnyActorRef, pool: AnyActorRef, event: InspectionEvent): number {
    const isNew = event.type === '@xstate.actor';
    // An actor that is missing here was dropped, or ended before the inspection began.
    if (!isNew && actor.getSnapshot().status !== 'active') return SKIPPED;
    const choice = this.#choose(taskOf(actor));
    this.#choices.set(actor, choice);
    if (choice === CHOSEN) {
      this.numTasks++;
      this.#introducePool(pool, event);
      if (!isNew) this.#announce(actor, event);
    }
    return this.#choices.get(actor) as number;
  }

  #choose(task: InspectedTask): number {
    const { every, max, filter } = this.#settings;
    if (this.numTasks >= max) return SKIPPED;
    if (filter !== undefined && !filter(task)) return SKIPPED;
    if (this.#numAccepted++ % every !== 0) return SKIPPED;
    return this.#isFull ? DROPPED : CHOSEN;
  }

  get #isFull(): boolean {
    return this.#held !== undefined && this.#held.length >= this.#settings.hold;
  }

  #announce(actorRef: AnyActorRef, { rootId }: InspectionEvent): void {
    this.#pass({ type: '@xstate.actor', actorRef, rootId });
  }

  #pass(event: InspectionEvent): void {
    if (this.#held === undefined) this.#show(event);
    else if (this.#isFull) this.#drop(event);
    else this.#held.push(event);
  }

  #drop(event: InspectionEvent): void {
    this.numDropped++;
    const actor = event.actorRef as AnyActorRef;
    if (this.#choices.get(actor) !== CHOSEN) return;
    this.#choices.set(actor, DROPPED);
    this.#dropped.add(actor);
    this.numTasks--;
  }

  async #holdUntil(ready: PromiseLike<unknown>): Promise<boolean> {
    const held: InspectionEvent[] = [];
    this.#held = held;
    let isOpen = true;
    try {
      await ready;
    } catch {
      isOpen = false;
      this.#show = () => {
        this.numDropped++;
      };
    }
    this.#held = undefined;
    for (const event of held) {
      const source = event.type === '@xstate.event' ? event.sourceRef : undefined;
      if (this.#dropped.has(event.actorRef) || this.#dropped.has(source)) this.numDropped++;
      else this.#show(event);
    }
    this.#dropped.clear();
    return isOpen;
  }
}

/** The task of an actor. An announced actor has no snapshot yet, but was created with one. */
function taskOf(actor: AnyActorRef): InspectedTask {
  const snapshot = (actor as Actor<AnyActorLogic>).options.snapshot ?? actor.getSnapshot();
  const { id, group, index, attempt } = (snapshot as { context: TaskFacts }).context;
  return { id, group, index, attempt };
}
