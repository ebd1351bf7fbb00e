/**
 * The one fold: how each event changes the state of a pool. The live pool and replay both call {@link applyEvent}.
 */

import {
  Code,
  type EventCode,
  GROUP_CODES,
  LIMIT_CODES,
  OTHER_CODES,
  POOL_CODES,
} from '../events/event-codes.ts';
import { applyToGroup } from './group-fold.ts';
import { applyToLimit, applyToPool } from './pool-fold.ts';
import type { PoolState, Subject } from './pool-state.ts';
import type { GroupRecord, TaskRecord } from './records.ts';
import { applyToTask } from './task-fold.ts';
import { checkFirst, checkNextTask, nextOfPool, nextOfTask } from './transitions.ts';

const { taskQueued } = Code;

/**
 * Applies one event in columns, see `event-table.ts`.
 *
 * @throws IllegalTransition if the chart does not allow the event now; the state is unchanged.
 */
export function applyEvent(
  state: PoolState,
  code: EventCode,
  at: number,
  subject: Subject,
  n: number,
  detail: unknown,
): void {
  if (code < GROUP_CODES) applyToTask(state, code, at, subject as TaskRecord, n, detail);
  else if (code < OTHER_CODES) applyToGroup(state, code, subject as GroupRecord, detail);
  else if (code >= POOL_CODES) applyToPool(state, code, detail);
  else if (code >= LIMIT_CODES) applyToLimit(state, code, at, detail);
  state.seq++;
}

/**
 * Throws what {@link applyEvent} would throw, and changes nothing.
 *
 * @throws IllegalTransition, StoreGap
 */
export function checkEvent(state: PoolState, code: EventCode, subject: Subject): void {
  if (code === taskQueued) checkNextTask(state, subject as TaskRecord);
  else if (code < GROUP_CODES) nextOfTask(state, code, subject as TaskRecord);
  else if (code === Code.poolCreated) checkFirst(state);
  else if (code >= POOL_CODES) nextOfPool(state, code);
}
