/**
 * The xstate actors of a pool and its tasks.
 *
 * They are created lazily: a task is stepped through the compiled table, and its actor is created in the task's
 * current state when it is first accessed. From then on every recorded event of the task is sent to the actor.
 */

import {
  type AnyActorLogic,
  type AnyActorScope,
  createActor,
  type InspectionEvent,
  type Observer,
  type SnapshotFrom,
} from 'xstate';
import { Code, EVENT_TYPES, type EventCode, GROUP_CODES } from '../../events/event-codes.ts';
import type { PoolEvent } from '../../events/events.ts';
import {
  CANCELLED,
  type PoolActor,
  poolChart,
  type TaskActor,
  taskChart,
} from '../../machines/charts.ts';
import type { PoolChartEvent, poolMachine } from '../../machines/pool-machine.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { CompiledLogic } from '../../machines/tabulate.ts';
import type { TaskEvent, taskMachine } from '../../machines/task-machine.ts';
import type { Door, Witness } from '../door/door.ts';
import type { Task } from '../live/live.ts';
import type { Logger } from '../options/pool-options.ts';
import { factsOfPool, factsOfTask } from './facts.ts';
import { guarded, type Inspector } from './inspectors.ts';
import {
  createUninspected,
  ignoreDoneChildren,
  sendToInspectors,
  skipRegistry,
} from './xstate-workarounds.ts';

/** Handles events that users send to the actors of a pool. */
export interface ActorRequests {
  /** Performs the change that the event describes, if the pool can. */
  ofTask(task: Task, event: TaskEvent): void;
  ofPool(event: PoolChartEvent): void;
  /** The pool's actor was stopped. */
  stopped(): void;
}

/** The options of a pool about its actors. */
interface ActorsOptions {
  readonly actors?: 'lazy' | 'eager';
  readonly inspect?: Inspector;
}

/** The parts of a pool that its actors use. */
interface Parts {
  readonly door: Door;
  readonly logger: Logger;
}

const TASK_ID_PREFIX = 'task-';

const ALL_CODES: readonly EventCode[] = EVENT_TYPES.map((_, code) => code);
const TASK_CODES = ALL_CODES.slice(0, GROUP_CODES);
/** Sent to the actor of the pool, whose chart ignores events that are not about the pool. */
const OTHER_THAN_TASK_CODES = ALL_CODES.slice(GROUP_CODES);

export class Actors implements Witness {
  readonly #parts: Parts;
  readonly #requests: ActorRequests;
  readonly #inspect: Inspector | undefined;
  /** The recorded event that is being sent to an actor; any other event comes from outside. */
  #sent: object | undefined = undefined;
  /** Recorded events that wait in the mailbox of an actor that was busy. */
  readonly #delayed = new Set<object>();
  /** The actor whose request is being handled, and the event recorded as its answer. */
  #asking: { readonly actor: object; answer: PoolEvent | undefined } | undefined = undefined;
  #eager: boolean;
  #watchesTasks = false;
  #isInspected: boolean;
  #pool: PoolActor | undefined = undefined;
  /** Created with the first actor of a task. */
  #taskLogic: CompiledLogic<typeof taskMachine> | undefined = undefined;

  constructor(parts: Parts, requests: ActorRequests, { actors, inspect }: ActorsOptions) {
    this.#parts = parts;
    this.#requests = requests;
    this.#inspect = inspect;
    this.#isInspected = inspect !== undefined;
    this.#eager = this.#isInspected || actors === 'eager';
  }

  /** The actor of the pool. */
  get pool(): PoolActor {
    this.#pool ??= this.#createPoolActor();
    return this.#pool;
  }

  /** The actor of a task. */
  of(task: Task): TaskActor {
    if (task.actor === undefined) {
      task.actor = this.#createTaskActor(task);
      this.#watchTasks();
    }
    return task.actor;
  }

  /** Forwards an event to the actor of its task or of the pool, if that exists. */
  see(code: EventCode, subject: Subject, seq: number): void {
    if (code >= GROUP_CODES) this.#step(this.#pool, seq);
    else if (code !== Code.taskQueued) this.#step((subject as Task).actor, seq);
    else if (this.#eager) this.of(subject as Task);
  }

  #step(actor: PoolActor | TaskActor | undefined, seq: number): void {
    if (actor === undefined || actor.getSnapshot().status !== 'active') return;
    const event = this.#parts.door.event(seq);
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

  #watchTasks(): void {
    if (this.#watchesTasks) return;
    this.#watchesTasks = true;
    this.#parts.door.watch(this, TASK_CODES);
  }

  #createPoolActor(): PoolActor {
    const { state } = this.#parts.door;
    const context = factsOfPool(state);
    const logic = this.#liveLogic(poolChart.logic, (event) =>
      this.#requests.ofPool(event as PoolChartEvent),
    );
    const inspect = this.#inspect && guarded(this.#inspect, this.#parts.logger);
    const actor: PoolActor = createActor(logic, {
      id: `${state.kind}-${state.name}`,
      input: context,
      snapshot: poolChart.snapshot(state.statusCode, context),
      ...(inspect === undefined ? {} : { inspect }),
    });
    ignoreDoneChildren(actor);
    skipRegistry(actor);
    this.#acceptInspectors(actor, inspect);
    this.#parts.door.watch(this, OTHER_THAN_TASK_CODES);
    return actor.start();
  }

  /** When an inspector is added later, all actors are created, so that it sees them. */
  #acceptInspectors(actor: PoolActor, inspector: Observer<InspectionEvent> | undefined): void {
    const add = sendToInspectors(actor);
    if (inspector !== undefined) add(inspector);
    actor.system.inspect = (late) => {
      this.#isInspected = true;
      this.materialiseAll();
      return add(guarded(late, this.#parts.logger));
    };
  }

  /** Creates the actors that an eager pool has from its start. */
  materialiseIfEager(): void {
    if (this.#eager) this.materialiseAll();
  }

  /** Creates the actors of all remembered tasks, and from now on of all new ones. */
  materialiseAll(): void {
    this.#eager = true;
    this.#watchTasks();
    this.pool;
    for (const task of this.#parts.door.state.tasks) this.of(task);
  }

  #createTaskActor(task: Task): TaskActor {
    const snapshot = taskChart.snapshot(task.state, factsOfTask(task));
    const id = `${TASK_ID_PREFIX}${task.id}`;
    const logic = this.#logicOfTasks();
    // Without `input`, which the type requires: the snapshot contains everything, and every option costs time.
    const actor = this.#isInspected
      ? createActor<AnyActorLogic>(logic, { id, parent: this.pool, snapshot })
      : createUninspected(logic, id, this.pool, snapshot);
    return actor.start() as TaskActor;
  }

  #logicOfTasks(): CompiledLogic<typeof taskMachine> {
    this.#taskLogic ??= this.#liveLogic(taskChart.logic, (event, scope) => {
      const task = this.#parts.door.state.tasks.get(
        Number(scope.self.id.slice(TASK_ID_PREFIX.length)),
      );
      // A cancelled task only waits for its callback.
      if (task === undefined || task.state === CANCELLED) return;
      this.#requests.ofTask(task, event as TaskEvent);
    });
    return this.#taskLogic;
  }

  /**
   * The compiled logic for an actor of a running pool. An event that was not recorded is a request from outside: the
   * event recorded as its answer is the transition.
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
    // Subscribers are notified after the transition of the actor.
    const release = this.#parts.door.hold();
    scope.defer(release);
    try {
      request();
    } finally {
      this.#asking = undefined;
    }
    return asking.answer;
  }
}
