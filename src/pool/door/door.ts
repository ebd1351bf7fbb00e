/** The door: every change in a pool is an event that is recorded by {@link Door.record}. */

import { Code, EVENT_TYPES, type EventCode, GROUP_CODES } from '../../events/event-codes.ts';
import type { QueuedTask } from '../../events/event-columns.ts';
import type { PoolEvent } from '../../events/events.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import { applyEvent, checkEvent } from '../../machines/apply-event.ts';
import type { PoolState, Subject } from '../../machines/pool-state.ts';
import { relay } from '../../machines/relay.ts';
import type { Group, Task } from '../live/live.ts';
import type { Turn } from '../turn/turn.ts';
import type { Persister } from './persister.ts';

/** An observer of recorded events. It is called for the event codes it {@link Door.watch watches}. */
export interface Witness {
  /** An event was applied to the state and is in the journal in memory. May record further events. */
  see(code: EventCode, subject: Subject, seq: number): void;
  /** Called when recording is finished, if it was requested: now user code may run. */
  flush?(): void;
  /** Whether of a relay it only needs to see the end of the task, not each event. */
  readonly allowsRelay?: boolean;
}

const { taskQueued, taskStarted, taskEnded } = Code;

const NOBODY: readonly Witness[] = [];

export class Door {
  readonly state: PoolState<Task, Group>;
  /** The recorded events in memory. */
  readonly journal: EventHistory;
  readonly turn: Turn;
  /** Writes events to a store. Called before an event is applied, and may refuse it. */
  persister: Persister | undefined = undefined;
  /** In the order in which they are called. */
  witnesses: readonly Witness[] = [];
  /** By event code: the witnesses that watch it, in that order. */
  readonly #watching = EVENT_TYPES.map(() => NOBODY);
  /** How many notifications are nested, plus the number of holds. */
  #depth = 0;
  #mustFlush = false;
  #allowsRelay = false;

  constructor(state: PoolState<Task, Group>, journal: EventHistory, turn: Turn) {
    this.state = state;
    this.journal = journal;
    this.turn = turn;
    journal.bind(state.name);
  }

  /** Starts or stops calling a witness for events with these codes. */
  watch(witness: Witness, codes: Iterable<EventCode>, isWatching = true): void {
    for (const code of codes) {
      const before = this.#watching[code] as readonly Witness[];
      this.#watching[code] = this.witnesses.filter((each) =>
        each === witness ? isWatching : before.includes(each),
      );
    }
    this.#allowsRelay = [taskEnded, taskQueued, taskStarted].every((code) =>
      this.#watching[code]?.every(({ allowsRelay }) => allowsRelay === true),
    );
  }

  /** The witnesses that watch a code, in the order in which they are called. */
  watching(code: EventCode): readonly Witness[] {
    return this.#watching[code] as readonly Witness[];
  }

  /** The event with this `seq`, for a witness that sees it. */
  event(seq: number): PoolEvent {
    return this.journal.ring.event(this.state.name, seq);
  }

  /**
   * Records an event: it is checked by the chart, passed to the persister, applied to the state, appended to the
   * journal in memory, and seen by the witnesses, in this order. Effects are up to the caller, after this has
   * returned.
   *
   * @throws IllegalTransition if the chart does not allow it; then nothing has happened.
   */
  record(code: EventCode, subject: Subject, n = 0, detail?: unknown): void {
    const { at } = this.turn;
    const id = code < GROUP_CODES ? (subject as Task).id : 0;
    if (this.persister !== undefined) this.#persist(code, subject, at, id, n, detail);
    applyEvent(this.state, code, at, subject, n, detail);
    this.journal.ring.append(code, at, id, n, detail);
    const watching = this.#watching[code] as readonly Witness[];
    if (watching.length > 0) this.#notify(watching, code, subject);
  }

  /** Whether a slot may be {@link relay relayed}: no witness needs to see each event of that. */
  get mayRelay(): boolean {
    const { persister, state } = this;
    if (!this.#allowsRelay || state.watches.length > 0) return false;
    return persister === undefined || (persister.writesLater && !persister.isBehind);
  }

  /**
   * Records that a task has fulfilled, that the next one has started in its slot, and that a task was created, if so.
   Does the work of `record` once for all of these events.
   *
   * @param made the created task: `next` itself or the one that takes its place in line; `queued`: its event detail.
   * @param end the `n` of `task.ended`.
   */
  relay(
    task: Task,
    end: number,
    next: Task,
    made: Task | undefined,
    queued: QueuedTask | undefined,
  ): void {
    const { state } = this;
    const { at } = this.turn;
    const { id } = task;
    const { identity } = next.group;
    const { ring } = this.journal;
    const ended = task.group.identity.ended(task.attempt);
    this.persister?.persist(state.seq + 1, at, taskEnded, id, end, ended);
    relay(state, at, task, next, made, queued);
    if (made === undefined) {
      ring.append(taskEnded, at, id, end, ended);
      ring.append(taskStarted, at, next.id, 0, identity);
    } else if (made === next) {
      // biome-ignore format: an event in each line
      ring.appendRelay(at, id, end, ended,
        taskQueued, made.id, made.index, queued,
        taskStarted, next.id, 0, identity);
    } else {
      // biome-ignore format: an event in each line
      ring.appendRelay(at, id, end, ended,
        taskStarted, next.id, 0, identity,
        taskQueued, made.id, made.index, queued);
    }
    this.#notify(this.#watching[taskEnded] as readonly Witness[], taskEnded, task);
  }

  // Not part of `record`, so that `record` is small enough to be inlined.
  #persist(
    code: EventCode,
    subject: Subject,
    at: number,
    id: number,
    n: number,
    detail: unknown,
  ): void {
    const { state } = this;
    checkEvent(state, code, subject);
    this.persister?.persist(state.seq + 1, at, code, id, n, detail);
  }

  #notify(watching: readonly Witness[], code: EventCode, subject: Subject): void {
    const { seq } = this.state;
    this.#depth++;
    for (const witness of watching) witness.see(code, subject, seq);
    this.#depth--;
    if (this.#mustFlush) this.#flush();
  }

  /** Requests a call of `flush` of all witnesses. */
  requestFlush(): void {
    this.#mustFlush = true;
  }

  /** Holds back flushing until the returned function is called. */
  hold(): () => void {
    this.#depth++;
    return () => {
      this.#depth--;
      this.#flush();
    };
  }

  #flush(): void {
    if (this.#depth > 0 || !this.#mustFlush) return;
    this.#mustFlush = false;
    for (const witness of this.witnesses) witness.flush?.();
    this.turn.passed();
  }
}
