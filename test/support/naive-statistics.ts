/** Statistics computed naively from all events, by filtering again and again. */

import type { PoolEvent, PoolEventOf, PoolSnapshot } from 'xstate-taskpool';
import { Histogram, type LiveState } from 'xstate-taskpool/statistics';

type Attempt = { readonly waited: number; readonly ran: number | undefined };

const ofType = <T extends PoolEvent['type']>(events: readonly PoolEvent[], type: T) =>
  events.filter((event): event is PoolEventOf<T> & PoolEvent => event.type === type);

/** The statistics of the tasks with some ids. */
export function naiveRow(events: readonly PoolEvent[], ids: ReadonlySet<number>) {
  const own = events.filter((event) => 'id' in event && ids.has(event.id));
  const attempts = [...ids].flatMap((id) =>
    attemptsOf(own.filter((each) => 'id' in each && each.id === id)),
  );
  const outcome = (which: string) =>
    ofType(own, 'task.ended').filter((end) => end.outcome === which).length;
  const timeout = (which: string) =>
    ofType(own, 'task.timedOut').filter((each) => each.which === which).length;
  return {
    created: ofType(own, 'task.queued').length,
    started: ofType(own, 'task.started').length,
    outcomes: {
      fulfilled: outcome('fulfilled'),
      rejected: outcome('rejected'),
      cancelled: outcome('cancelled'),
    },
    retries: ofType(own, 'task.failed').length,
    timeouts: {
      timeout: timeout('timeout'),
      waitTimeout: timeout('waitTimeout'),
      deadline: timeout('deadline'),
    },
    interruptions: ofType(own, 'task.interrupted').length,
    waited: quantiles(attempts.map(({ waited }) => waited)),
    ran: quantiles(attempts.flatMap(({ ran }) => (ran === undefined ? [] : [ran]))),
  };
}

/** The attempts of a task: how long each waited and ran. */
function attemptsOf(events: readonly PoolEvent[]): Attempt[] {
  const attempts: Attempt[] = [];
  let queuedAt = 0;
  let startedAt: number | undefined;
  for (const event of events) {
    const { at, type } = event;
    if (type === 'task.queued' || type === 'task.requeued' || type === 'task.interrupted')
      queuedAt = at;
    if (type === 'task.interrupted') startedAt = undefined;
    if (type === 'task.started') {
      startedAt = at;
      attempts.push({ waited: at - queuedAt, ran: undefined });
    }
    if ((type === 'task.failed' || type === 'task.ended') && startedAt !== undefined) {
      const { waited } = attempts.pop() as Attempt;
      attempts.push({ waited, ran: event.ran ?? at - startedAt });
      startedAt = undefined;
    }
  }
  return attempts;
}

function quantiles(values: readonly number[]) {
  if (values.length === 0) return null;
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return { count: values.length, p50: histogram.quantile(0.5), p95: histogram.quantile(0.95) };
}

/** The ids of the tasks of all groups, or of those with a name. */
export function idsOf(events: readonly PoolEvent[], group?: string): ReadonlySet<number> {
  const queued = ofType(events, 'task.queued');
  return new Set(
    queued.filter((each) => group === undefined || each.group === group).map(({ id }) => id),
  );
}

/** How many tasks are in each state, by a snapshot. */
export function naiveStates({ tasks }: PoolSnapshot): Record<LiveState, number> {
  const count = (state: LiveState) => tasks.filter((task) => task.state === state).length;
  return {
    queued: count('queued'),
    running: count('running'),
    cancelling: count('cancelling'),
    timedOut: count('timedOut'),
    delayed: count('delayed'),
    cancelled: count('cancelled'),
  };
}

/** Failures by the name of the error: how many were final, and how many were not. */
export function naiveFailures(events: readonly PoolEvent[]) {
  const counts = new Map<string, { rejected: number; retried: number }>();
  for (const event of events) {
    const isFinal = event.type === 'task.ended' && event.outcome === 'rejected';
    if (!isFinal && event.type !== 'task.failed') continue;
    const name = event.error?.name ?? 'Error';
    const count = counts.get(name) ?? { rejected: 0, retried: 0 };
    counts.set(name, count);
    if (isFinal) count.rejected++;
    else count.retried++;
  }
  return Object.fromEntries(counts);
}
