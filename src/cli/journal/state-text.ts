/** Prints the state of a pool for people. */

import { printTable } from '../../control/printing/print.ts';
import type { PoolSnapshot } from '../../index.ts';

export function printState(state: PoolSnapshot): string {
  const { totals } = state;
  const table = [
    ['event', String(state.seq)],
    [
      'pool',
      `${state.name} (${state.kind}), ${state.status}, size ${state.poolSize ?? 'without limit'}`,
    ],
    [
      'tasks',
      `${totals.created} created, ${state.numQueued} queued, ${state.numRunning} running, ` +
        `${state.numDelayed === 0 ? '' : `${state.numDelayed} delayed, `}` +
        `${state.numCancelled} cancelled, ${totals.fulfilled} fulfilled, ${totals.rejected} rejected`,
    ],
  ];
  const groups = state.groups.map(({ name, functionName, source, paused, created, ended }) => [
    name,
    functionName,
    paused ? 'paused' : source,
    `${ended} of ${created} ended`,
  ]);
  const tasks = state.tasks.map(({ id, group, index, attempt, state: is, outcome }) => [
    String(id),
    group,
    String(index),
    String(attempt),
    outcome ?? is,
  ]);
  return [
    printTable(table),
    tableOf(['group', 'function', 'source', 'tasks'], groups),
    tableOf(['task', 'group', 'index', 'attempt', 'state'], tasks),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : printTable([head, ...rows]);
}
