/** Formats the summary of a journal, for people and for programs. */

import { printTable } from '../../control/printing/print.ts';
import { printTime } from '../../control/printing/print-statistics.ts';
import {
  type RowSummary,
  type Statistics,
  summarize,
  type TimeSummary,
} from '../../statistics/index.ts';
import { describeSource } from '../run/input/sources.ts';
import { durationOf } from '../run/progress/progress.ts';
import type { Journal } from './open-journal.ts';
import { placeOf } from './place.ts';
import { nameOf } from './run-header.ts';
import type { Summary } from './summary.ts';

/** The progress on one line. */
export function shortSummary({ totals, open, status, statistics }: Summary): string {
  const { created, fulfilled, rejected, cancelled } = totals;
  const ended = `${created - open} of ${created} ended`;
  const parts = [ended, `${fulfilled} fulfilled`, `${rejected} rejected`, `${cancelled} cancelled`];
  return `${parts.join(', ')}; the pool is ${status}; event ${statistics.seq}`;
}

/** The whole summary. */
export function printSummary(journal: Journal, summary: Summary): string {
  const { totals, open, recoveries, statistics, kind, status } = summary;
  const { created, fulfilled, rejected, cancelled } = totals;
  const { pool, seq, total } = summarize(statistics);
  const { retries, timeouts, interruptions, waited, ran } = total;
  const table = [
    ['journal', `${placeOf(journal)}, events ${journal.firstSeq} to ${seq}`],
    ['pool', `${pool} (${kind}), ${status}, size ${sizeOf(summary)}`],
    ...runRow(summary),
    ['time', timeOf(statistics)],
    ...rowIf(recoveries, 'recovered', `${times(recoveries)}, ${interruptions} interrupted`),
    [
      'tasks',
      `${created} created, ${fulfilled} fulfilled, ${rejected} rejected, ${cancelled} cancelled, ${open} open`,
    ],
    ...rowIf(retries, 'retries', String(retries)),
    ...rowIf(sum(Object.values(timeouts)), 'timeouts', timeoutsOf(timeouts)),
    ['waited', quantilesOf(waited)],
    ['ran', quantilesOf(ran)],
  ];
  return [printTable(table), groupsOf(summary), failuresOf(summary)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The summary as data. Times are milliseconds since the epoch, durations milliseconds. */
export function summaryData(journal: Journal, summary: Summary): object {
  const { kind, status, poolSize, run, totals, open, recoveries, statistics } = summary;
  const { pool, seq, firstAt, at, total } = summarize(statistics);
  const { retries, timeouts, interruptions, waited, ran } = total;
  return {
    journal: placeOf(journal),
    firstSeq: journal.firstSeq,
    lastSeq: seq,
    pool,
    kind,
    status,
    poolSize,
    ...(run === undefined ? {} : { run }),
    firstAt,
    lastAt: at,
    recoveries,
    interruptions,
    totals: { ...totals, open },
    retries,
    timeouts,
    waited,
    ran,
    groups: summary.groups,
    failures: Object.fromEntries(summary.failures),
  };
}

function rowIf(count: number, title: string, text: string): string[][] {
  return count === 0 ? [] : [[title, text]];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function sizeOf({ poolSize }: Summary): string {
  return poolSize === null ? 'without limit' : String(poolSize);
}

function runRow({ run }: Summary): string[][] {
  if (run === undefined) return [];
  const sources = run.input.sources.map(describeSource).join(' ');
  return [['run', `${nameOf(run.work)} over ${sources}`]];
}

function timeOf({ firstAt, at }: Statistics): string {
  const [from, to] = [new Date(firstAt).toISOString(), new Date(at).toISOString()];
  return `${from} to ${to}, ${durationOf(at - firstAt)}`;
}

function timeoutsOf(timeouts: RowSummary['timeouts']): string {
  return Object.entries(timeouts)
    .filter(([, count]) => count > 0)
    .map(([which, count]) => `${count} by ${which}`)
    .join(', ');
}

function quantilesOf(times: TimeSummary | null): string {
  if (times === null) return 'none';
  const { p50, p90, p99, max } = times;
  return `median ${printTime(p50)}, p90 ${printTime(p90)}, p99 ${printTime(p99)}, longest ${printTime(max)}`;
}

function groupsOf({ groups, statistics }: Summary): string {
  // The header group of a run is internal and not shown.
  const rows = groups
    .filter(({ created, name }) => created > 0 || name !== 'run')
    .map(({ name, functionName, source, created, ended }) => [
      name,
      functionName,
      source,
      `${ended} of ${created} ended`,
    ]);
  if (rows.length === 0) return '';
  const table = printTable([['group', 'function', 'source', 'tasks'], ...rows]);
  const { merged } = statistics.ledger.groups;
  return merged === 0 ? table : `${table}\n(${merged} earlier groups are not listed)`;
}

function failuresOf({ failures }: Summary): string {
  const rows = [...failures]
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => [String(count), kind]);
  return rows.length === 0 ? '' : printTable([['times', 'failure'], ...rows]);
}
