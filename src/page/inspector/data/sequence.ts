/** A sequence diagram: lanes of actors, and calls between them. */

import { labelOf } from '../../../charts/labels.ts';
import { type ActorRecord, numUntil } from './actor-record.ts';
import type { History } from './history.ts';
import { type EventEntry, eventType, isFailure } from './messages.ts';

export interface Lane {
  /** Undefined for senders that are no actors. */
  readonly actor: ActorRecord | undefined;
  readonly name: string;
  /** The first row in which it exists. */
  readonly from: number;
  /** The row after which it has ended; undefined while it is active. */
  readonly to: number | undefined;
}

export interface Call {
  readonly entry: EventEntry;
  readonly name: string;
  readonly isFailure: boolean;
  /** Indices of lanes. */
  readonly from: number;
  readonly to: number;
}

export interface Sequence {
  readonly lanes: readonly Lane[];
  readonly calls: readonly Call[];
  /** The number of actors without a lane: their calls are left out. */
  readonly numLeftOut: number;
}

/** The maximum number of lanes: nobody can follow more. */
const MAX_LANES = 40;

export function sequenceOf(rows: readonly EventEntry[], history: History, seq: number): Sequence {
  const places = new Map<ActorRecord | undefined, number>();
  const left = new Set<ActorRecord | undefined>();
  const calls: Call[] = [];
  for (const entry of rows) {
    const { program, message } = entry;
    const from = placeOf(history.actorOf(program, message.sourceId), places, left);
    const to = placeOf(history.actorOf(program, message.sessionId), places, left);
    if (from === undefined || to === undefined) continue;
    calls.push({
      entry,
      name: labelOf({ type: eventType(message.event), guard: undefined }),
      isFailure: isFailure(entry),
      from,
      to,
    });
  }
  const lanes = Array.from(places.keys(), (actor): Lane => {
    if (actor === undefined) return { actor, name: 'outside', from: 0, to: undefined };
    const end = endOf(actor, seq);
    return {
      actor,
      name: actor.name,
      from: rowOf(calls, actor.since),
      to: end === undefined ? undefined : rowOf(calls, end),
    };
  });
  return { lanes, calls, numLeftOut: left.size };
}

function placeOf(
  actor: ActorRecord | undefined,
  places: Map<ActorRecord | undefined, number>,
  left: Set<ActorRecord | undefined>,
): number | undefined {
  const place = places.get(actor);
  if (place !== undefined) return place;
  if (places.size >= MAX_LANES) {
    left.add(actor);
    return undefined;
  }
  places.set(actor, places.size);
  return places.size - 1;
}

/** The message by which an actor has ended, if it has. */
function endOf(actor: ActorRecord, seq: number): number | undefined {
  const last = actor.snapshots[numUntil(actor.snapshots, seq) - 1];
  const { status = 'active' } = last?.message.snapshot ?? {};
  return status === 'active' ? undefined : last?.seq;
}

/** The first row from a message on. */
function rowOf(calls: readonly Call[], seq: number): number {
  return numUntil(
    calls.map(({ entry }) => entry),
    seq - 1,
  );
}
