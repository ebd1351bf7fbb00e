/** The one door: whatever changes in a pool is an event that passes through {@link Recorder.record}. */

import { type EventCode, GROUP_CODES } from '../../event-table.ts';
import type { PoolEvent } from '../../events.ts';
import type { MemoryStore } from '../../journal/memory-store.ts';
import type { PoolState, Subject } from '../../machines/pool-state.ts';
import type { Actors } from '../actors/actors.ts';
import type { Group } from '../engine/group.ts';
import type { Task } from '../engine/task.ts';
import type { EventWriter, Recording } from './event-writer.ts';
import type { Publisher } from './publisher.ts';

export class Recorder {
  readonly state: PoolState<Task, Group>;
  readonly journal: MemoryStore;
  readonly publisher: Publisher;
  /** Set once by the engine: the actors answer to it. */
  actors!: Actors;
  /** There if events go to a store as well. */
  writer: EventWriter | undefined = undefined;
  /** The time of what is recorded next, in milliseconds since the epoch. */
  at = 0;

  constructor(state: PoolState<Task, Group>, journal: MemoryStore, publisher: Publisher) {
    this.state = state;
    this.journal = journal;
    this.publisher = publisher;
    journal.bind(state.name);
  }

  /**
   * Reads the clock. Called where control enters the pool, and not for each event: reading the
   * clock costs as much as everything else that recording an event does.
   */
  tick(): void {
    this.at = Date.now();
  }

  /**
   * Folds an event into the state, appends it to the journal, sends it to the actor it concerns
   * and publishes it. Its effects are up to the caller, after this returned: an effect may cause
   * events, and those come later.
   */
  record(code: EventCode, subject: Subject, n = 0, detail?: unknown): void {
    this.enter(code, subject, n, detail);
    this.announce(code, subject);
  }

  /**
   * Records events of groups or of the pool that happen together or not at all: subscribers are
   * notified of the first when all of them have happened.
   */
  recordTogether(together: readonly Recording[]): void {
    const { state, journal } = this;
    if (this.writer !== undefined) this.writer.expectTogether(state.seq + 1, this.at, together);
    const first = state.seq + 1;
    for (const { code, subject, n, detail } of together) {
      state.apply(code, this.at, subject, n, detail);
      journal.ring.append(code, this.at, 0, n, detail);
    }
    this.#announceTogether(together, first);
  }

  #announceTogether(together: readonly Recording[], first: number): void {
    const { state, journal, actors, publisher } = this;
    const isWatched = actors.watchesPool;
    const wanted = isWatched || together.some(({ code }) => publisher.wants(code));
    if (!wanted) return;
    const events = together.map((_, place) => journal.ring.event(state.name, first + place));
    // What an observer of the pool's actor causes is published after all of them.
    const release = publisher.hold();
    for (const [place, { code }] of together.entries()) {
      if (publisher.wants(code)) publisher.publish(events[place] as PoolEvent);
    }
    if (isWatched) for (const event of events) actors.step(undefined, event);
    release();
  }

  /** The first half of {@link record}: from here on the event has happened. */
  enter(code: EventCode, subject: Subject, n: number, detail: unknown): void {
    const id = code < GROUP_CODES ? (subject as Task).id : 0;
    // Before anything has happened: should it fail, that is an event of its own, and comes first.
    if (this.writer !== undefined) {
      this.writer.expect(this.state.seq + 1, this.at, code, id, n, detail);
    }
    this.state.apply(code, this.at, subject, n, detail);
    this.journal.ring.append(code, this.at, id, n, detail);
  }

  /** The second half: tells of the event that was entered last. */
  announce(code: EventCode, subject: Subject): void {
    const { state, actors, publisher } = this;
    const task = code < GROUP_CODES ? (subject as Task) : undefined;
    const watched = task === undefined ? actors.watchesPool : actors.watches(task);
    if (!watched && !publisher.wants(code)) return;
    const event = this.journal.ring.event(state.name, state.seq);
    // An observer of the actor may cause events: those are published after this one.
    const release = watched && publisher.wants(code) ? publisher.hold() : undefined;
    if (publisher.wants(code)) publisher.publish(event);
    if (watched) actors.step(task, event);
    release?.();
  }
}
