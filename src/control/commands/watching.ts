/** Commands that show what there is and what happens. */

import type { PoolEvent } from '../../index.ts';
import { any, command, option } from '../define.ts';
import { printEvent, printLimit, printNote, printTable } from '../print.ts';
import { untilSettled } from '../until-aborted.ts';
import { COUNT, EVENT_TYPE, GROUP, STATE } from '../value-types.ts';

const limit = option('l', 'N', COUNT, 'how many at the most', 1000);

export const watching = {
  status: command({
    help: 'Show the state of the pool on one screen.',
    answer: 'an object, as a snapshot without `groups` and `tasks`, with `numGroups`',
    changes: false,
    run({ pool }) {
      const { groups, tasks: _, ...status } = pool.snapshot({ tasks: false });
      return { ...status, numGroups: groups.length };
    },
    print(status) {
      const { totals } = status;
      const rows = [
        ['pool', `${status.kind}-${status.name}, ${status.status}`],
        ['size', printLimit(status.poolSize)],
        ['running', String(status.numRunning)],
        ['queued', String(status.numQueued)],
        ['cancelled', String(status.numCancelled)],
        ['ended', `${status.numEnded} remembered`],
        ['groups', String(status.numGroups)],
        ['so far', `${totals.created} created, ${totals.started} started`],
        [
          '',
          `${totals.fulfilled} fulfilled, ${totals.rejected} rejected, ${totals.cancelled} cancelled`,
        ],
        ['events', String(status.seq + 1)],
      ];
      return printTable(rows);
    },
  }),
  tasks: command({
    help: 'List the tasks that the pool remembers.',
    answer: 'an array of tasks, as in a snapshot',
    options: {
      state: option('s', 'STATE', STATE, 'only those in this state'),
      group: option('g', 'NAME', GROUP, 'only those of this group'),
      limit,
    },
    changes: false,
    run: ({ pool }, { state, group, limit }) =>
      pool.snapshot({ tasks: { state, group, last: limit } }).tasks,
    print(tasks, { limit }) {
      if (tasks.length === 0) return 'none';
      const rows = tasks.map((task) => [
        String(task.id),
        task.group,
        task.outcome ?? task.state,
        task.startedAt === undefined ? '' : new Date(task.startedAt).toISOString(),
        printNote(task),
      ]);
      const table = printTable([['ID', 'GROUP', 'STATE', 'STARTED', ''], ...rows]);
      return tasks.length < limit ? table : `${table}\nThe last ${limit}; --limit N shows more.`;
    },
  }),
  journal: command({
    help: 'Show the last events, or those from one on.',
    answer: 'an array of events',
    options: { since: option('s', 'SEQ', COUNT, 'the number of the first event'), limit },
    changes: false,
    run({ pool: { journal } }, { since, limit }): readonly PoolEvent[] {
      const fromSeq = since ?? Math.max(journal.firstSeq, journal.nextSeq - limit);
      return journal.events({ fromSeq, toSeq: fromSeq + limit - 1 });
    },
    print: (events) => (events.length === 0 ? 'none' : events.map(printEvent).join('\n')),
  }),
  watch: command({
    help: 'Show events as they happen: those of some types, or all.',
    positionals: [any('types', 'TYPE', EVENT_TYPE, 'a type of events')],
    changes: false,
    streams: true,
    async run({ pool, emit, signal }, { types }) {
      const wanted = types.length === 0 ? (['*'] as const) : [...new Set(types)];
      const ends = wanted.map((type) => pool.on(type as '*', emit));
      // After its last event the pool has nothing more to tell.
      if (!pool.isClosed) await untilSettled(signal, (done) => pool.on('pool.closed', done));
      for (const end of ends) end();
    },
  }),
};
