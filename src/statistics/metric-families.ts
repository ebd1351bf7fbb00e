/** The metrics of a pool in the text format of Prometheus. */

import type { PoolStatus } from '../machines/charts.ts';
import type { FailureCount } from './failures.ts';
import { OTHERS } from './others.ts';
import type { PlaceCount } from './places.ts';
import {
  type RowSummary,
  type StatisticsSummary,
  TIME_BOUNDS,
  type TimeSummary,
} from './summary.ts';

/** The current values of a pool that its statistics do not contain. */
export interface PoolGauges {
  /** Whether it is open, closing or closed. */
  readonly status: PoolStatus;
  /** Whether it starts no tasks at present. */
  readonly isPaused: boolean;
  /** The maximum number of concurrent tasks. */
  readonly poolSize: number;
  /** The number of pending items, as in `pool.numPending`. */
  readonly numPending: number;
}

type Labels = Readonly<Record<string, string>>;
type Type = 'gauge' | 'counter' | 'histogram';

/** A metric with all its values. */
class Family {
  readonly #lines: string[];
  readonly #name: string;

  constructor(name: string, type: Type, help: string) {
    this.#name = name;
    this.#lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  }

  add(labels: Labels, value: number, suffix = ''): void {
    const list = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
    this.#lines.push(`${this.#name}${suffix}{${list.join(',')}} ${numberText(value)}`);
  }

  addTimes(labels: Labels, times: TimeSummary | null): void {
    const { count = 0, sum = 0, upTo = TIME_BOUNDS.map(() => 0) } = times ?? {};
    for (const [place, bound] of TIME_BOUNDS.entries()) {
      this.add({ ...labels, le: String(bound / 1000) }, upTo[place] as number, '_bucket');
    }
    this.add({ ...labels, le: '+Inf' }, count, '_bucket');
    this.add(labels, sum / 1000, '_sum');
    this.add(labels, count, '_count');
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);
}

type Families = ReturnType<typeof newFamilies>;

export function newFamilies() {
  const family = (name: string, type: Type, help: string) =>
    new Family(`taskpool_${name}`, type, help);
  return {
    status: family('pool_status', 'gauge', '1 for what the pool accepts, 0 for the rest.'),
    paused: family('pool_paused', 'gauge', '1 while no tasks start.'),
    slots: family('slots_max', 'gauge', 'How many tasks may run at once.'),
    pending: family(
      'tasks_pending',
      'gauge',
      'All that is known to wait, items of groups included.',
    ),
    states: family('tasks', 'gauge', 'Tasks that have not ended, by state.'),
    created: family('tasks_created_total', 'counter', 'Tasks that were made.'),
    started: family('task_attempts_total', 'counter', 'Attempts that have started.'),
    ended: family('tasks_ended_total', 'counter', 'Tasks that have ended, by outcome.'),
    retries: family('task_retries_total', 'counter', 'Failed attempts that another one follows.'),
    timeouts: family('task_timeouts_total', 'counter', 'Limits in time that were reached.'),
    interruptions: family(
      'task_interruptions_total',
      'counter',
      'Attempts cut off by a dead process.',
    ),
    errors: family('task_errors_total', 'counter', 'Failed attempts by the name of the error.'),
    waited: family('task_wait_seconds', 'histogram', 'From queueing to each start.'),
    ran: family('task_duration_seconds', 'histogram', 'How long each attempt took.'),
    placeRunning: family('place_running', 'gauge', 'Attempts that run in a thread or a worker.'),
    placeStarted: family(
      'place_attempts_total',
      'counter',
      'Attempts that have begun in a thread or a worker.',
    ),
    placeFailed: family(
      'place_failures_total',
      'counter',
      'Attempts that have failed in a thread or a worker.',
    ),
    longest: family(
      'task_longest_seconds',
      'gauge',
      'How long the oldest attempt has been running.',
    ),
    stuck: family(
      'task_stuck_seconds',
      'gauge',
      'For how long a task has ignored that it was aborted.',
    ),
  };
}

const STATUSES: readonly PoolStatus[] = ['open', 'locked', 'closing', 'closed'];

/** Adds the metrics of a pool. @param groups whether tasks are counted by group. */
export function addPool(
  families: Families,
  labels: Labels,
  gauges: PoolGauges,
  statistics: StatisticsSummary,
  groups: boolean,
): void {
  addGauges(families, labels, gauges);
  if (groups) addGroups(families, labels, statistics);
  else addRow(families, labels, statistics.total);
  addErrors(families, labels, statistics.failures);
  addPlaces(families, labels, statistics.places);
  addLongest(families, labels, statistics);
}

function addGauges(families: Families, labels: Labels, pool: PoolGauges): void {
  for (const status of STATUSES) {
    families.status.add({ ...labels, status }, pool.status === status ? 1 : 0);
  }
  families.paused.add(labels, pool.isPaused ? 1 : 0);
  families.slots.add(labels, pool.poolSize);
  families.pending.add(labels, pool.numPending);
}

function addGroups(families: Families, labels: Labels, statistics: StatisticsSummary): void {
  const { groups, otherGroups } = statistics;
  for (const row of groups) addRow(families, { ...labels, group: row.name }, row);
  if (otherGroups !== null) addRow(families, { ...labels, group: OTHERS }, otherGroups);
}

/** The error of a call whose thread or worker has died. Reported from the beginning, since alerts ask for an increase. */
const LOST: Pick<FailureCount, 'name' | 'rejected' | 'retried'> = {
  name: 'WorkerLost',
  rejected: 0,
  retried: 0,
};

function addErrors(families: Families, labels: Labels, failures: readonly FailureCount[]): void {
  const hasLost = failures.some(({ name }) => name === LOST.name);
  for (const { name, rejected, retried } of hasLost ? failures : [...failures, LOST]) {
    families.errors.add({ ...labels, error_type: name, final: 'true' }, rejected);
    families.errors.add({ ...labels, error_type: name, final: 'false' }, retried);
  }
}

function addPlaces(families: Families, labels: Labels, places: readonly PlaceCount[]): void {
  for (const { name, running, started, failed } of places) {
    const at = { ...labels, place: name };
    families.placeRunning.add(at, running);
    families.placeStarted.add(at, started);
    families.placeFailed.add(at, failed);
  }
}

function addRow(families: Families, labels: Labels, row: RowSummary): void {
  for (const [state, count] of Object.entries(row.now)) {
    families.states.add({ ...labels, state }, count);
  }
  families.created.add(labels, row.created);
  families.started.add(labels, row.started);
  for (const [outcome, count] of Object.entries(row.outcomes)) {
    families.ended.add({ ...labels, outcome }, count);
  }
  families.retries.add(labels, row.retries);
  for (const [which, count] of Object.entries(row.timeouts)) {
    families.timeouts.add({ ...labels, which }, count);
  }
  families.interruptions.add(labels, row.interruptions);
  families.waited.addTimes(labels, row.waited);
  families.ran.addTimes(labels, row.ran);
}

/** How long the oldest attempt has been running, and a task has ignored that it was aborted. */
function addLongest(
  families: Families,
  labels: Labels,
  { longest, stuck }: StatisticsSummary,
): void {
  families.longest.add(labels, (longest[0]?.for ?? 0) / 1000);
  families.stuck.add(labels, (stuck[0]?.for ?? 0) / 1000);
}
