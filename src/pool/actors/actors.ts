/**
 * The xstate actors of a pool and its tasks.
 *
 * An actor that nobody can see is its state: a task is stepped through the compiled table, and its
 * actor is created from where the task stands the moment somebody looks. From then on every event
 * that is recorded about the task is sent to the actor.
 */

import {
  type Actor,
  type AnyActorScope,
  createActor,
  type InspectionEvent,
  type Observer,
  type SnapshotFrom,
} from 'xstate';
import type { PoolEvent } from '../../events.ts';
import { CANCELLED, poolChart, taskChart } from '../../machines/charts.ts';
import type { CompiledLogic } from '../../machines/compile.ts';
import { limitToJson } from '../../machines/limits.ts';
import type { PoolChartEvent, PoolFacts, poolMachine } from '../../machines/pool-machine.ts';
import { NO_NOTES } from '../../machines/records.ts';
import type { TaskEvent, TaskFacts, taskMachine } from '../../machines/task-machine.ts';
import type { Task } from '../engine/task.ts';
import type { Logger } from '../options.ts';
import type { Recorder } from '../recording/recorder.ts';
import { keepNoList, overlookEndedTasks, tellInspectors, UnseenOptions } from './xstate-habits.ts';

/** The actor of a task: any xstate actor of the task chart. */
export type TaskActor = Actor<CompiledLogic<typeof taskMachine>>;
/** The actor of a pool: any xstate actor of the pool chart. */
export type PoolActor = Actor<CompiledLogic<typeof poolMachine>>;

/** What can be asked of a pool by sending an event to one of its actors. */
export interface ActorRequests {
  /** Makes the event true, if that is in the pool's power. */
  ofTask(task: Task, event: TaskEvent): void;
  ofPool(event: PoolChartEvent): void;
  /** The pool's actor was stopped. */
  stopped(): void;
}

/** Sees what happens in the actor system. */
type Inspector = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** Options of {@link Actors}. */
export interface ActorsOptions {
  readonly eager: boolean;
  readonly inspect: Inspector | undefined;
  readonly logger: Logger;
}

const TASK_ID_PREFIX = 'task-';

export class Actors {
  readonly #recorder: Recorder;
  readonly #requests: ActorRequests;
  readonly #inspect: Inspector | undefined;
  readonly #logger: Logger;
  /** The recorded event on its way to an actor; any other event comes from outside. */
  #sent: object | undefined = undefined;
  /** Recorded events that wait in the mailbox of an actor that was busy. */
  readonly #delayed = new Set<object>();
  /** The actor that is asking the pool for something, and the event that answers it. */
  #asking: { readonly actor: object; answer: PoolEvent | undefined } | undefined = undefined;
  #eager: boolean;
  #isInspected: boolean;
  #pool: PoolActor | undefined = undefined;

  constructor(recorder: Recorder, requests: ActorRequests, options: ActorsOptions) {
    this.#recorder = recorder;
    this.#requests = requests;
    this.#inspect = options.inspect;
    this.#logger = options.logger;
    this.#eager = options.eager;
    this.#isInspected = options.inspect !== undefined;
  }

  /** The actor of the pool. */
  get pool(): PoolActor {
    this.#pool ??= this.#createPoolActor();
    return this.#pool;
  }

  /** The actor of a task. */
  of(task: Task): TaskActor {
    task.actor ??= this.#createTaskActor(task);
    return task.actor;
  }

  /** Whether an actor has to be told about the task. */
  watches(task: Task): boolean {
    return task.actor !== undefined || this.#eager;
  }

  /** Whether an actor has to be told about the pool. */
  get watchesPool(): boolean {
    return this.#pool !== undefined;
  }

  /** Sends a recorded event to the actor of the task, or of the pool if it concerns no task. */
  step(task: Task | undefined, event: PoolEvent): void {
    if (event.type === 'task.queued') {
      if (task !== undefined) this.of(task);
      return;
    }
    const actor = task === undefined ? this.#pool : task.actor;
    if (actor === undefined || actor.getSnapshot().status !== 'active') return;
    if (this.#asking?.actor === actor && this.#asking.answer === undefined) {
      this.#asking.answer = event;
      return;
    }
    this.#sent = event;
    (actor as { send(event: PoolEvent): void }).send(event);
    if (this.#sent !== event) return;
    this.#sent = undefined;
    this.#delayed.add(event);
  }

  #createPoolActor(): PoolActor {
    const { state } = this.#recorder;
    const context = { name: state.name, kind: state.kind, poolSize: limitToJson(state.poolSize) };
    const logic = this.#liveLogic(poolChart.logic, (event) =>
      this.#requests.ofPool(event as PoolChartEvent),
    );
    const inspect = this.#inspect && this.#guarded(this.#inspect);
    const actor: PoolActor = createActor(logic, {
      id: `${state.kind}-${state.name}`,
      input: context satisfies PoolFacts,
      snapshot: poolChart.snapshot(poolChart.code(state.status), context),
      ...(inspect === undefined ? {} : { inspect }),
    });
    overlookEndedTasks(actor);
    keepNoList(actor);
    this.#letInspect(actor, inspect);
    return actor.start();
  }

  /** An inspector that comes late sees the actors of the system: from now on all of them are. */
  #letInspect(actor: PoolActor, inspector: Observer<InspectionEvent> | undefined): void {
    const add = tellInspectors(actor);
    if (inspector !== undefined) add(inspector);
    actor.system.inspect = (late) => {
      this.#isInspected = true;
      this.materialiseAll();
      return add(this.#guarded(late));
    };
  }

  /** An inspector that throws would otherwise do so in the middle of what it looks at. */
  #guarded(inspector: Inspector): Observer<InspectionEvent> {
    const see = typeof inspector === 'function' ? inspector : inspector.next?.bind(inspector);
    return {
      next: (event) => {
        try {
          see?.(event);
        } catch (error) {
          this.#logger.error(`an inspector threw at ${event.type}`, error);
        }
      },
    };
  }

  /** Makes the actors of all tasks that are remembered, and of those to come. */
  materialiseAll(): void {
    this.#eager = true;
    for (const task of this.#recorder.state.tasks) this.of(task);
  }

  #createTaskActor(task: Task): TaskActor {
    const snapshot = taskChart.snapshot(task.state, factsOf(task));
    const id = `${TASK_ID_PREFIX}${task.id}`;
    const options = this.#isInspected
      ? { id, parent: this.pool, snapshot }
      : new UnseenOptions(id, this.pool, snapshot);
    // No input, though the type asks for it: the snapshot has it all, and every option costs.
    return createActor(this.#taskLogic, options as typeof options & { input: TaskFacts }).start();
  }

  readonly #taskLogic = this.#liveLogic(taskChart.logic, (event, scope) => {
    const task = this.#recorder.state.tasks.get(Number(scope.id.slice(TASK_ID_PREFIX.length)));
    // Past its cancellation a task only waits for its callback.
    if (task === undefined || task.state === CANCELLED) return;
    this.#requests.ofTask(task, event as TaskEvent);
  });

  /**
   * The compiled logic for an actor of a running pool. An event that was not recorded is a request
   * from outside: what is recorded in answer to it becomes its transition.
   */
  #liveLogic<M extends typeof taskMachine | typeof poolMachine>(
    logic: CompiledLogic<M>,
    request: (event: { type: string }, scope: AnyActorScope) => void,
  ): CompiledLogic<M> {
    const { transition } = logic;
    return {
      ...logic,
      transition: (snapshot, event, scope) => {
        if (this.#isRecorded(event)) return transition(snapshot, event, scope);
        if ((event.type as string) === 'xstate.stop') {
          if ((scope.self as unknown) === this.#pool) scope.defer(() => this.#requests.stopped());
          return transition(snapshot, event, scope);
        }
        const answer = this.#ask(scope, () => request(event, scope));
        return answer === undefined
          ? snapshot
          : (transition(snapshot, answer as never, scope) as SnapshotFrom<M>);
      },
    };
  }

  #isRecorded(event: object): boolean {
    if (event !== this.#sent) return this.#delayed.delete(event);
    this.#sent = undefined;
    return true;
  }

  #ask(scope: AnyActorScope, request: () => void): PoolEvent | undefined {
    const asking = { actor: scope.self, answer: undefined as PoolEvent | undefined };
    this.#asking = asking;
    // Subscribers are told once the actor has made its transition.
    const release = this.#recorder.publisher.hold();
    scope.defer(release);
    try {
      request();
    } finally {
      this.#asking = undefined;
    }
    return asking.answer;
  }
}

function factsOf({ id, group, index, attempt, outcome, notes }: Task): TaskFacts {
  const facts = { id, group: group.name, index, attempt };
  if (outcome === undefined) return notes === NO_NOTES ? facts : { ...facts, ...notes };
  const { error, ...rest } = notes;
  // In the order in which events say it, which shows in JSON.
  return { ...facts, ...rest, outcome, ...(error === undefined ? {} : { error }) };
}
