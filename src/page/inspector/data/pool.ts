/** Recognizes pools of this package among the actors, and counts their tasks. */

import type { ActorMoment, ActorRecord } from './actor-record.ts';
import type { History } from './history.ts';

export interface ShownPool {
  readonly kind: 'TaskPool' | 'SimpleTaskPool';
  readonly name: string;
  /** `null` without a limit. */
  readonly poolSize: number | null;
}

/** The pool of an actor; undefined for any other actor. */
export function poolOf({ snapshot }: ActorMoment): ShownPool | undefined {
  const { kind, name, poolSize } = Object(snapshot?.context) as Readonly<Record<string, unknown>>;
  if (kind !== 'TaskPool' && kind !== 'SimpleTaskPool') return undefined;
  if (typeof name !== 'string') return undefined;
  return { kind, name, poolSize: typeof poolSize === 'number' ? poolSize : null };
}

/** The number of shown tasks by state and outcome, in this order. */
export type TaskCounts = ReadonlyMap<string, number>;

const ORDER = ['running', 'queued', 'delayed', 'fulfilled', 'rejected', 'cancelled'];

export function countTasks(history: History, pool: ActorRecord, seq: number): TaskCounts {
  const counts = new Map(ORDER.map((name) => [name, 0]));
  for (const actor of history.actors.values()) {
    if (actor.parentKey !== pool.key || actor.since > seq) continue;
    const { snapshot } = actor.at(seq);
    const { outcome } = Object(snapshot?.context) as { readonly outcome?: unknown };
    const { value } = snapshot ?? {};
    const state = typeof value === 'string' ? value : Object.keys(Object(value))[0];
    const name = typeof outcome === 'string' && state === 'ended' ? outcome : (state ?? '');
    if (counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
