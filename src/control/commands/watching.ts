/** Commands that show the current state and new events. */

import type { PoolEvent, StuckTask, TaskSnapshot } from '../../index.ts';
import { COUNT, EVENT_TYPE, GROUP, MILLISECONDS, STATE } from '../arguments/value-types.ts';
import { checkNumRows } from '../complaints.ts';
import { any, command, option } from '../define.ts';
import { andThen, collectInParts, type Eventually, mapInParts } from '../in-parts.ts';
import {
  printEvent,
  printLimit,
  printNote,
  printTable,
  printTableInParts,
} from '../printing/print.ts';
import { printTime } from '../printing/print-statistics.ts';
import { sendPast } from '../sessions/send-past.ts';
import { subscribe } from '../sessions/subscribe.ts';
import { untilCalled } from '../until-aborted.ts';

const limit = option('l', 'N', COUNT, 'the maximum number', 1000);

/** A function that has not settled this many milliseconds after its abort counts as stuck. */
const STUCK = 1000;

export const watching = {
  status: command({
    help: 'Show the state of the pool on one screen.',
    answer:
      'an object, as a snapshot without `groups` and `tasks`, with `numGroups`, `numStuck`, `retries`, `throughput` (tasks ended per second), `waitedP95` (ms, or `null`)',
    changes: false,
    async run({ pool }) {
      const { retries, throughput, waited } = (await pool.statistics()).total;
      const { groups, tasks: _, ...status } = pool.snapshot({ tasks: false });
      const numStuck = pool.stuck({ longerThan: STUCK }).length;
      const waitedP95 = waited?.p95 ?? null;
      const figures = { retries, throughput, waitedP95 };
      return { ...status, numGroups: groups.length, numStuck, ...figures };
    },
    print(status) {
      const { totals } = status;
      const rows = [
        [
          'pool',
          `${status.kind}-${status.name}, ${status.status}${status.paused ? ', paused' : ''}`,
        ],
        ['size', printLimit(status.poolSize)],
        ['running', `${status.numRunning}${stuckNote(status)}`],
        ['queued', String(status.numQueued)],
        ['delayed', String(status.numDelayed)],
        ['cancelled', String(status.numCancelled)],
        ['ended', `${status.numEnded} remembered`],
        ['groups', String(status.numGroups)],
        ['totals', `${totals.created} created, ${totals.started} started`],
        [
          '',
          `${totals.fulfilled} fulfilled, ${totals.rejected} rejected, ${totals.cancelled} cancelled`,
        ],
        ['retries', String(status.retries)],
        [
          'waited',
          status.waitedP95 === null ? 'nothing yet' : `p95 ${printTime(status.waitedP95)}`,
        ],
        ['rate', `${status.throughput.toFixed(1)} tasks ended per second`],
        ['events', String(status.seq + 1)],
      ];
      return printTable(rows);
    },
  }),
  stuck: command({
    help: 'List the tasks that ignore their aborted signal.',
    answer: 'an array of `{ id, groupName, index, attempt, state, abortedFor }`',
    options: {
      longerThan: option('l', 'MS', MILLISECONDS, 'only those that did so longer ago', 0),
    },
    changes: false,
    run: ({ pool }, { longerThan }) => pool.stuck({ longerThan }),
    print(tasks) {
      if (tasks.length === 0) return 'none';
      return printTable([['ID', 'GROUP', 'STATE', 'FOR'], ...tasks.map(stuckRow)]);
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
    run({ pool }, { state, group, limit }): Eventually<readonly TaskSnapshot[]> {
      checkNumRows(limit);
      const youngest = collectInParts<TaskSnapshot>(limit, (last, soFar) => {
        const before = soFar.at(-1)?.id;
        return [...pool.snapshot({ tasks: { state, group, before, last } }).tasks].reverse();
      });
      return andThen(youngest, (tasks) => [...tasks].reverse());
    },
    print(tasks, { limit }) {
      if (tasks.length === 0) return 'none';
      const more = tasks.length < limit ? '' : `\nThe last ${limit}; --limit N shows more.`;
      const table = printTableInParts(['ID', 'GROUP', 'STATE', 'STARTED', ''], tasks, rowOf);
      return andThen(table, (text) => `${text}${more}`);
    },
  }),
  journal: command({
    help: 'Show the last events, or those starting at SEQ.',
    answer: 'an array of events',
    options: { since: option('s', 'SEQ', COUNT, 'the number of the first event'), limit },
    changes: false,
    run({ pool: { journal } }, { since, limit }): Eventually<readonly PoolEvent[]> {
      checkNumRows(limit);
      const start = since ?? Math.max(journal.firstSeq, journal.nextSeq - limit);
      return collectInParts<PoolEvent>(limit, (length, soFar) => {
        const fromSeq = start + soFar.length;
        return journal.events({ fromSeq, toSeq: fromSeq + length - 1 });
      });
    },
    print(events) {
      if (events.length === 0) return 'none';
      return andThen(mapInParts(events, printEvent), (lines) => lines.join('\n'));
    },
  }),
  watch: command({
    help: 'Show events as they happen: those of some types, or all.',
    positionals: [any('types', 'TYPE', EVENT_TYPE, 'a type of events')],
    options: {
      since: option('s', 'SEQ', COUNT, 'begin with the events after this one'),
    },
    changes: false,
    streams: true,
    async run({ pool, history, emit, started, broadcast, room, signal }, { types, since }) {
      const wanted = types.length === 0 ? (['*'] as const) : [...new Set(types)];
      const ends: (() => void)[] = [];
      const begin = (last: number) => {
        const end = types.length === 0 ? broadcast(last + 1) : undefined;
        if (end !== undefined) ends.push(end);
        else {
          // Events recorded but not yet published would be sent twice.
          const send = (event: PoolEvent) => event.seq > last && emit(event);
          for (const type of wanted) ends.push(subscribe(pool, type, send));
        }
      };
      if (since === undefined) begin(pool.journal.nextSeq - 1);
      else await sendPast(pool, history, since, { types, emit, room, signal }, begin);
      started();
      // `pool.closed` is the last event of a pool.
      if (!pool.isClosed) await untilCalled(signal, (done) => pool.on('pool.closed', done));
      for (const end of ends) end();
    },
  }),
};

function stuckRow({ id, groupName, state, abortedFor }: StuckTask): readonly string[] {
  return [String(id), groupName, state, `${(abortedFor / 1000).toFixed(1)} s`];
}

function stuckNote({ numStuck }: { readonly numStuck: number }): string {
  return numStuck === 0 ? '' : `, ${numStuck} of them stuck: aborted 1 s ago or earlier`;
}

function rowOf(task: TaskSnapshot): readonly string[] {
  return [
    String(task.id),
    task.group,
    task.outcome ?? task.state,
    task.startedAt === undefined ? '' : new Date(task.startedAt).toISOString(),
    printNote(task),
  ];
}
