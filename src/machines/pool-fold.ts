/** How the events of the pool itself and of its limits change its state. */

import { Code, type EventCode } from '../event-codes.ts';
import type { EventFields } from '../events.ts';
import { LimitRecords } from './limit-records.ts';
import { limitFromJson } from './limits.ts';
import type { PoolState } from './pool-state.ts';
import { flush } from './retention.ts';
import { checkFirst, nextOfPool } from './transitions.ts';

/** @throws IllegalTransition */
export function applyToPool(state: PoolState, code: EventCode, detail: unknown): void {
  if (code === Code.poolCreated) {
    create(state, detail as EventFields['pool.created']);
    return;
  }
  state.statusCode = nextOfPool(state, code);
  if (code === Code.poolResized) {
    state.poolSize = limitFromJson((detail as EventFields['pool.resized']).poolSize);
  } else if (code === Code.poolPaused || code === Code.poolResumed) {
    state.paused = code === Code.poolPaused;
  } else if (code === Code.poolSuspended || code === Code.poolRecovered) {
    state.suspended = code === Code.poolSuspended;
  } else if (code === Code.poolFlushed || code === Code.poolClosed) flush(state);
}

export function applyToLimit(state: PoolState, code: EventCode, at: number, detail: unknown): void {
  state.limits ??= new LimitRecords({});
  if (code === Code.limitChanged) state.limits.change(detail as EventFields['limit.changed']);
  else state.limits.pause(detail as EventFields['limit.paused'], at);
}

function create(state: PoolState, fields: EventFields['pool.created']): void {
  checkFirst(state);
  state.kind = fields.kind;
  state.poolSize = limitFromJson(fields.poolSize);
  state.retain = fields.retain;
  if (fields.limits !== undefined) state.limits = new LimitRecords(fields.limits);
}
