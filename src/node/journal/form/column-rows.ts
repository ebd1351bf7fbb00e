/**
 * Writes rows of events given as columns, as a pool records them. For the three events that every task has, no
 * objects are created, which would cost more than writing them.
 */

import { Code, EVENT_TYPES, type EventCode } from '../../../events/event-codes.ts';
import {
  type EndedTask,
  hasTimes,
  type Named,
  OUTCOMES,
  outcomeIn,
  type QueuedTask,
  ranIn,
  waitedIn,
} from '../../../events/event-columns.ts';
import { USUAL_END } from './batch-form.ts';
import { isNumber, microseconds, ONLY_IDS, type Rows, restOfEnd } from './rows.ts';

const { taskQueued, taskStarted, taskEnded } = Code;

/** Writes the short form of an event, if one exists that preserves all of it. Returns whether it did. */
export function writeColumns(
  rows: Rows,
  at: number,
  code: EventCode,
  id: number,
  n: number,
  detail: unknown,
): boolean {
  const since = rows.since(at);
  if (since === undefined) return false;
  if (detail === undefined) return writeOnlyId(rows, at, code, id, n);
  if (code === taskQueued) return writeQueued(rows, since, id, n, detail as QueuedTask);
  if (code === taskEnded) return writeEnded(rows, since, id, n, detail as EndedTask);
  if (code !== taskStarted) return false;
  rows.started(since, id, (detail as Named).name);
  return true;
}

function writeOnlyId(rows: Rows, at: number, code: EventCode, id: number, n: number): boolean {
  const type = EVENT_TYPES[code] as string;
  if (n !== 0 || !ONLY_IDS.has(type)) return false;
  rows.onlyId(at, type, id);
  return true;
}

function writeQueued(
  rows: Rows,
  since: number,
  id: number,
  index: number,
  { name, item, priority, keys }: QueuedTask,
): boolean {
  if (item !== undefined || priority !== undefined || keys !== undefined) return false;
  rows.queued(since, id, name, index);
  return true;
}

function writeEnded(rows: Rows, since: number, id: number, n: number, task: EndedTask): boolean {
  const { name, attempt, error, value, omitted } = task;
  const outcome = OUTCOMES[outcomeIn(n)] as string;
  if (hasTimes(n)) {
    const rest = restOfEnd(outcome, attempt ?? USUAL_END.attempt);
    rows.ended(since, id, name as string, waitedIn(n), ranIn(n), rest);
    return true;
  }
  if (error !== undefined || value !== undefined || omitted !== undefined) return false;
  const waited = microseconds(task.waited);
  const ran = microseconds(task.ran);
  if (waited === undefined || ran === undefined) return false;
  if (name === undefined || !isNumber(attempt)) return false;
  rows.ended(since, id, name, waited, ran, restOfEnd(outcome, attempt));
  return true;
}
