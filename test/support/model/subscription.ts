/** A subscriber, and the events that it should have received. */

import { isDeepStrictEqual } from 'node:util';
import type { EventType, PoolEvent } from 'xstate-taskpool';
import { meddle } from './meddling.ts';
import type { Meddling } from './scripts.ts';
import type { World } from './world.ts';

/** What a subscriber does with events: nothing, throw each time, or meddle once. */
export type Reaction = 'listen' | 'throw' | Meddling;

export class Subscription {
  readonly type: EventType | '*';
  readonly #world: World;
  readonly #from: number;
  readonly #seen: PoolEvent[] = [];
  readonly #off: () => void;
  #reaction: Reaction;
  #to = Number.POSITIVE_INFINITY;

  constructor(world: World, type: EventType | '*', reaction: Reaction) {
    this.#world = world;
    this.type = type;
    this.#from = world.oracle.seq;
    this.#reaction = reaction;
    this.#off = world.pool.on(type as '*', (event) => this.#see(event));
  }

  end(): void {
    this.#world.oracle.catchUp();
    this.#to = Math.min(this.#to, this.#world.oracle.seq);
    this.#off();
  }

  check(): void {
    const expected = this.#world.oracle.events.filter(
      ({ seq, type }) =>
        seq > this.#from && seq <= this.#to && (this.type === '*' || this.type === type),
    );
    if (isDeepStrictEqual(this.#seen, expected)) return;
    const seqs = (events: readonly PoolEvent[]) => events.map(({ seq }) => seq).join();
    this.#world.report(
      `a subscriber of ${this.type} got ${seqs(this.#seen)}, expected ${seqs(expected)}`,
    );
  }

  #see(event: PoolEvent): void {
    this.#seen.push(event);
    const reaction = this.#reaction;
    if (reaction === 'listen') return;
    if (reaction === 'throw') throw new Error('a subscriber failed');
    const { oracle } = this.#world;
    oracle.catchUp();
    const { id, group } = event as { id?: number; group?: string };
    const task = id === undefined ? undefined : oracle.tasks[id];
    const facts = task?.group ?? (group === undefined ? undefined : oracle.known(group));
    const job = facts && this.#world.jobOf(facts);
    if (job === undefined) return;
    this.#reaction = 'listen';
    this.#world.note(`  told of seq ${event.seq} (${event.type}): ${reaction}`);
    meddle(job, task, reaction);
  }
}
