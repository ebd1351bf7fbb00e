/** Prints statistics for people. */

import type { RowSummary, StatisticsSummary, TimeSummary } from '../../statistics/summary.ts';
import { printTable } from './print.ts';

const HEAD = [
  ...['', 'ENDED', 'FAILED', 'RETRIES', 'PER SECOND'],
  ...['WAITED P50', 'P95', 'RAN P50', 'P95', 'MAX'],
];

/** Tables of groups, functions and failures; merged rows show how many were merged. */
export function printStatistics(statistics: StatisticsSummary): string {
  const { total, groups, otherGroups, functions, otherFunctions, failures } = statistics;
  const { firstSeq, seq, longest, stuck, places } = statistics;
  const rows = [HEAD, rowOf('all', total), ...groups.map((row) => rowOf(row.name, row))];
  if (otherGroups !== null) rows.push(rowOf(`(${otherGroups.groups} further)`, otherGroups));
  const parts = [printTable(rows)];
  const isWorth = functions.length > 1 || otherFunctions !== null;
  if (isWorth) {
    const table = [['FUNCTION', ...HEAD.slice(1)], ...functions.map((row) => rowOf(row.name, row))];
    if (otherFunctions !== null) {
      table.push(rowOf(`(${otherFunctions.functions} further)`, otherFunctions));
    }
    parts.push(printTable(table));
  }
  if (failures.length > 0) {
    const table = failures.map(({ name, rejected, retried, message }) => [
      name,
      String(rejected),
      String(retried),
      message,
    ]);
    parts.push(printTable([['ERROR', 'REJECTED', 'RETRIED', 'THE LAST ONE'], ...table]));
  }
  if (places.length > 0) {
    const table = places.map(({ name, running, started, failed }) => [
      name,
      String(running),
      String(started),
      String(failed),
    ]);
    parts.push(printTable([['PLACE', 'RUNNING', 'STARTED', 'FAILED'], ...table]));
  }
  for (const [title, tasks] of [
    ['RUNS FOR', longest],
    ['STUCK FOR', stuck],
  ] as const) {
    if (tasks.length === 0) continue;
    const table = tasks.map((task) => [printTime(task.for), String(task.id), task.group]);
    parts.push(printTable([[title, 'ID', 'GROUP'], ...table]));
  }
  const since = firstSeq === 0 ? '' : `, counted from event ${firstSeq} on`;
  return [...parts, `After event ${seq}${since}.`].join('\n\n');
}

function rowOf(name: string, row: RowSummary): string[] {
  const { fulfilled, rejected, cancelled } = row.outcomes;
  const time = (times: TimeSummary | null, key: 'p50' | 'p95' | 'max') =>
    times === null ? '' : printTime(times[key]);
  return [
    name,
    String(fulfilled + rejected + cancelled),
    String(rejected),
    String(row.retries),
    row.throughput.toFixed(1),
    time(row.waited, 'p50'),
    time(row.waited, 'p95'),
    time(row.ran, 'p50'),
    time(row.ran, 'p95'),
    time(row.ran, 'max'),
  ];
}

/** `0.42 ms`, `31 ms`, `4.2 s`, `12 min`. */
export function printTime(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
