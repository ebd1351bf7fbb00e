/** The summary of a journal, for people and for programs. */

import { printTable } from '../../control/printing/print.ts';
import { describeSource } from '../run/input/sources.ts';
import { durationOf } from '../run/progress/progress.ts';
import type { Journal } from './open-journal.ts';
import { placeOf } from './place.ts';
import { nameOf } from './run-header.ts';
import type { Summary } from './summary.ts';

/** One line: how far it is. */
export function shortSummary({ totals, open, status, lastSeq }: Summary): string {
  const { created, fulfilled, rejected, cancelled } = totals;
  const ended = `${created - open} of ${created} ended`;
  const parts = [ended, `${fulfilled} fulfilled`, `${rejected} rejected`, `${cancelled} cancelled`];
  return `${parts.join(', ')}; the pool is ${status}; event ${lastSeq}`;
}

/** All of it. */
export function printSummary(journal: Journal, summary: Summary): string {
  const { totals, open, resumes } = summary;
  const { created, fulfilled, rejected, cancelled } = totals;
  const table = [
    ['journal', `${placeOf(journal)}, events ${journal.firstSeq} to ${summary.lastSeq}`],
    ['pool', `${summary.pool} (${summary.kind}), ${summary.status}, size ${sizeOf(summary)}`],
    ...runRow(summary),
    ['time', timeOf(summary)],
    ...(resumes.count === 0
      ? []
      : [['resumed', `${resumes.count} times, ${resumes.interrupted} tasks were interrupted`]]),
    [
      'tasks',
      `${created} created, ${fulfilled} fulfilled, ${rejected} rejected, ${cancelled} cancelled, ${open} open`,
    ],
    ['durations', durationsOf(summary)],
  ];
  return [printTable(table), groupsOf(summary), failuresOf(summary)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The same as data. Times are milliseconds since the epoch, durations milliseconds. */
export function summaryData(journal: Journal, summary: Summary): object {
  const { pool, kind, status, poolSize, run, totals, open, resumes, durations } = summary;
  return {
    journal: placeOf(journal),
    firstSeq: journal.firstSeq,
    lastSeq: summary.lastSeq,
    pool,
    kind,
    status,
    poolSize,
    ...(run === undefined ? {} : { run }),
    firstAt: summary.firstAt,
    lastAt: summary.lastAt,
    totals: { ...totals, open },
    resumes,
    durations: Object.fromEntries(
      QUANTILES.map(([name, share]) => [name, durations.quantile(share) ?? null]),
    ),
    groups: [...summary.groups.values()],
    failures: Object.fromEntries(summary.failures),
  };
}

const QUANTILES = [
  ['median', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['longest', 1],
] as const;

function sizeOf({ poolSize }: Summary): string {
  return poolSize === null ? 'without limit' : String(poolSize);
}

function runRow({ run }: Summary): string[][] {
  if (run === undefined) return [];
  const sources = run.input.sources.map(describeSource).join(' ');
  return [['run', `${nameOf(run.work)} over ${sources}`]];
}

function timeOf({ firstAt, lastAt }: Summary): string {
  const [from, to] = [new Date(firstAt).toISOString(), new Date(lastAt).toISOString()];
  return `${from} to ${to}, ${durationOf(lastAt - firstAt)}`;
}

function durationsOf({ durations }: Summary): string {
  const parts = QUANTILES.map(([name, share]) => {
    const milliseconds = durations.quantile(share);
    return milliseconds === undefined ? undefined : `${name} ${durationOf(milliseconds)}`;
  });
  return parts.every((part) => part !== undefined) ? parts.join(', ') : 'none';
}

function groupsOf({ groups }: Summary): string {
  // The header of a run is no group for anyone but the run.
  const rows = [...groups.values()]
    .filter(({ created, name }) => created > 0 || name !== 'run')
    .map(({ name, functionName, source, created, ended }) => [
      name,
      functionName,
      source,
      `${ended} of ${created} ended`,
    ]);
  return rows.length === 0 ? '' : printTable([['group', 'function', 'source', 'tasks'], ...rows]);
}

function failuresOf({ failures }: Summary): string {
  const rows = [...failures]
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => [String(count), kind]);
  return rows.length === 0 ? '' : printTable([['times', 'failure'], ...rows]);
}
