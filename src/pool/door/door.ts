/** The door: every change in a pool is an event that is recorded by {@link Door.record}. */

import {
  Code,
  decode,
  EVENT_TYPES,
  type EventCode,
  GROUP_CODES,
} from '../../events/event-codes.ts';
import type { QueuedTask } from '../../events/event-columns.ts';
import type { PoolEvent } from '../../events/events.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import { applyEvent, checkEvent } from '../../machines/apply-event.ts';
import type { PoolState, Subject } from '../../machines/pool-state.ts';
import { relay } from '../../machines/relay.ts';
import type { Group, Task } from '../live/live.ts';
import type { Turn } from '../turn/turn.ts';
import type { Persister, Recording } from './persister.ts';

/** Anything that watches what is recorded. It is called for the events that it asked for. */
export interface Witness {
  /** An event was folded, and is in the journal in memory. May record further ones. */
  see(code: EventCode, subject: Subject, seq: number): void;
  /** Nothing is being recorded any more: the time to run code of the user's, if it asked for that. */
  flush?(): void;
  /** Whether it need not see the events of a relay one by one, and the end of the task is enough. */
  readonly allowsRelay?: boolean;
}

const { taskQueued, taskStarted, taskEnded } = Code;

const NOBODY: readonly Witness[] = [];

export class Door {
  readonly state: PoolState<Task, Group>;
  /** The events in memory: what has been recorded. */
  readonly journal: EventHistory;
  readonly turn: Turn;
  /** Where events are written to besides. It comes before the fold, and may refuse an event. */
  persister: Persister | undefined = undefined;
  /** In the order in which they see an event. */
  #witnesses: readonly Witness[] = [];
  /** By event code: those who asked for it, in that order. */
  readonly #watching = EVENT_TYPES.map(() => NOBODY);
  /** The events that are seen together, by `seq`. */
  #together: ReadonlyMap<number, PoolEvent> | undefined = undefined;
  /** How many witnesses are at it, one within another, and how many hold back what is to be flushed. */
  #depth = 0;
  #mustFlush = false;
  #allowsRelay = false;

  constructor(state: PoolState<Task, Group>, journal: EventHistory, turn: Turn) {
    this.state = state;
    this.journal = journal;
    this.turn = turn;
    journal.bind(state.name);
  }

  /** Sets those of the pool itself, in the order in which they are to see an event. Done once. */
  setWitnesses(witnesses: readonly Witness[]): void {
    this.#witnesses = witnesses;
  }

  /** One more, which sees an event after all others. */
  addWitness(witness: Witness): void {
    this.#witnesses = [...this.#witnesses, witness];
  }

  /** It watches nothing any more. */
  removeWitness(witness: Witness): void {
    this.#witnesses = this.#witnesses.filter((each) => each !== witness);
  }

  /** Lets a witness see the events with these codes, or no longer. */
  watch(witness: Witness, codes: Iterable<EventCode>, isWatching = true): void {
    for (const code of codes) {
      const before = this.#watching[code] as readonly Witness[];
      this.#watching[code] = this.#witnesses.filter((each) =>
        each === witness ? isWatching : before.includes(each),
      );
    }
    this.#allowsRelay = [taskEnded, taskQueued, taskStarted].every((code) =>
      this.#watching[code]?.every(({ allowsRelay }) => allowsRelay === true),
    );
  }

  /** Whether any witness sees the events with a code. */
  isWatched(code: EventCode): boolean {
    return (this.#watching[code] as readonly Witness[]).length > 0;
  }

  /** An event that is being seen. */
  event(seq: number): PoolEvent {
    return this.#together?.get(seq) ?? this.journal.ring.event(this.state.name, seq);
  }

  /**
   * Records an event: the chart allows it, the persister takes it, the state folds it, the journal in
   * memory keeps it, and the witnesses see it, one after the other. Its effects are up to the caller,
   * after this returned.
   *
   * @throws IllegalTransition where the chart does not allow it: nothing has happened then.
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

  /** Whether a slot may be {@link relay relayed}: nobody wants to see the events of that one by one. */
  get mayRelay(): boolean {
    const { persister, state } = this;
    if (!this.#allowsRelay || state.watches.length > 0) return false;
    return persister === undefined || (persister.writesLater && !persister.isBehind);
  }

  /**
   * Records that a task has fulfilled, that the next one of its group has started in its slot, and that a task was
   * made, if one was: what there is in `record` to be done for each of these is done once.
   *
   * @param made the next one itself, or who waits in its place from now on; `queued` is what is said of it.
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
    const { id, group } = task;
    const { identity } = group;
    const { ring } = this.journal;
    const ended = identity.ended(task.attempt);
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

  /**
   * Records events of groups or of the pool that happen together or not at all: the witnesses see the
   * first when all of them have happened.
   */
  recordTogether(together: readonly Recording[]): void {
    const { state, persister, journal } = this;
    const { at } = this.turn;
    persister?.persistTogether(state.seq + 1, at, together);
    const first = state.seq + 1;
    const events = new Map<number, PoolEvent>();
    for (const { code, subject, n, detail } of together) {
      applyEvent(state, code, at, subject, n, detail);
      journal.ring.append(code, at, 0, n, detail);
      events.set(state.seq, decode(state.name, state.seq, at, code, 0, n, detail));
    }
    // The journal in memory may be too small for all of them.
    this.#together = events;
    const release = this.hold();
    for (const witness of this.#witnesses) {
      for (const [place, { code, subject }] of together.entries()) {
        if (this.#watching[code]?.includes(witness)) witness.see(code, subject, first + place);
      }
    }
    this.#together = undefined;
    release();
  }

  // Not in `record`, which is small enough to become a part of those who call it.
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

  /** A witness has something to flush. */
  requestFlush(): void {
    this.#mustFlush = true;
  }

  /** Lets no witness flush until the returned function is called. */
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
    for (const witness of this.#witnesses) witness.flush?.();
    this.turn.passed();
  }
}
