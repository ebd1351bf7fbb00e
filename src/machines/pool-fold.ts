/** How the events of the pool itself and of its limits change its state. */

import { Code, type EventCode } from '../events/event-codes.ts';
import type { EventFields } from '../events/events.ts';
import { taskChart } from './charts.ts';
import { LimitRecords } from './limit-records.ts';
import { limitFromJson } from './limits.ts';
import type { PoolState } from './pool-state.ts';
import { flush } from './retention.ts';
import { checkFirst, nextOfPool } from './transitions.ts';

/** The states in which a task has a running attempt. */
const RUNNING = taskChart.tagged('running');

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
  } else if (code === Code.poolSuspended) state.suspended = true;
  else if (code === Code.poolRecovered) {
    recover(state, detail as EventFields['pool.recovered']);
  } else if (code === Code.poolFlushed || code === Code.poolClosed) flush(state);
}

export function applyToLimit(state: PoolState, code: EventCode, at: number, detail: unknown): void {
  state.limits ??= new LimitRecords({});
  if (code === Code.limitChanged) {
    state.limits.change(detail as EventFields['limit.changed'], at);
  } else state.limits.pause(detail as EventFields['limit.paused'], at);
}

function create(state: PoolState, fields: EventFields['pool.created']): void {
  checkFirst(state);
  state.kind = fields.kind;
  state.poolSize = limitFromJson(fields.poolSize);
  state.retain = fields.retain;
  if (fields.uid !== undefined) state.uid = fields.uid;
  if (fields.limits !== undefined) state.limits = new LimitRecords(fields.limits);
}

/** Running attempts keep the epoch in which they started. */
function recover(state: PoolState, { uid }: EventFields['pool.recovered']): void {
  if (uid !== undefined) state.uid = uid;
  if (state.slots > 0) {
    for (const task of state.tasks) {
      if (!RUNNING.includes(task.state) || task.epoch !== undefined) continue;
      if (state.watches.length > 0) state.warn(task);
      task.epoch = state.epoch;
    }
  }
  state.suspended = false;
  state.epoch++;
}
