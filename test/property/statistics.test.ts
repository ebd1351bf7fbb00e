/** Statistics against a count that looks at everything, over random programs. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PoolEvent, replay } from 'xstate-taskpool';
import {
  type RowSummary,
  Statistics,
  type StatisticsData,
  statistics,
  summarize,
} from 'xstate-taskpool/statistics';
import { finish } from '../support/model/finale.ts';
import { Gates } from '../support/model/gates.ts';
import { plainPrograms } from '../support/model/programs.ts';
import { settings, taskPoolWorld } from '../support/model/settings.ts';
import { idsOf, naiveFailures, naiveRow, naiveStates } from '../support/naive-statistics.ts';
import { runs } from '../support/runs.ts';

const projection = statistics();

function fold(events: readonly PoolEvent[], from: Statistics = projection.initial()): Statistics {
  return events.reduce((state, event) => projection.apply(state, event), from);
}

/** What both count. */
function counted(row: RowSummary) {
  const { created, started, outcomes, retries, timeouts, interruptions, waited, ran } = row;
  const times = (of: typeof waited) => of && { count: of.count, p50: of.p50, p95: of.p95 };
  const rest = { created, started, outcomes, retries, timeouts, interruptions };
  return { ...rest, waited: times(waited), ran: times(ran) };
}

function compare(state: Statistics, events: readonly PoolEvent[]): void {
  const summary = summarize(state);
  expect(counted(summary.total)).toEqual(naiveRow(events, idsOf(events)));
  for (const group of summary.groups) {
    expect(counted(group), group.name).toEqual(naiveRow(events, idsOf(events, group.name)));
  }
  const failures = summary.failures.map(({ name, rejected, retried }) => [
    name,
    { rejected, retried },
  ]);
  expect(Object.fromEntries(failures)).toEqual(naiveFailures(events));
}

/** The events of a pool on which a random program was run. */
const histories = fc.tuple(settings, plainPrograms(20));

async function eventsOf([given, program]: [Parameters<typeof taskPoolWorld>[0], Iterable<never>]) {
  const gates = new Gates();
  const { model, real } = taskPoolWorld(given, gates);
  const events: PoolEvent[] = [];
  real.on('*', (event) => events.push(event), { replay: true });
  await fc.asyncModelRun(() => ({ model, real }), program as never);
  await finish(model, async () => gates.openAll());
  return events;
}

test('statistics are what a count of all events says, at any place in time', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.nat(), async (history, place) => {
      const events = await eventsOf(history as never);
      compare(fold(events), events);
      const before = events.slice(0, 1 + (place % events.length));
      const state = fold(before);
      compare(state, before);
      const { status } = replay(before);
      if (status !== 'closed')
        expect(summarize(state).total.now).toEqual(naiveStates(replay(before)));
    }),
    runs(40),
  );
});

test('statistics that were made JSON continue as if they had not been', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.nat(), async (history, place) => {
      const events = await eventsOf(history as never);
      const middle = 1 + (place % events.length);
      const json = JSON.stringify(fold(events.slice(0, middle)));
      const restored = Statistics.fromJSON(JSON.parse(json) as StatisticsData);
      expect(JSON.stringify(restored)).toBe(json);
      expect(summarize(fold(events.slice(middle), restored))).toEqual(summarize(fold(events)));
    }),
    runs(30),
  );
});

test('merged statistics count what both have counted', async () => {
  await fc.assert(
    fc.asyncProperty(histories, histories, async (one, other) => {
      const both = [await eventsOf(one as never), await eventsOf(other as never)] as const;
      const merged = fold(both[0]);
      merged.merge(fold(both[1]));
      const { total } = summarize(merged);
      const [a, b] = both.map((events) => summarize(fold(events)).total) as [
        RowSummary,
        RowSummary,
      ];
      for (const key of ['created', 'started', 'retries', 'interruptions'] as const) {
        expect(total[key], key).toBe(a[key] + b[key]);
      }
      expect(total.ran?.count ?? 0).toBe((a.ran?.count ?? 0) + (b.ran?.count ?? 0));
    }),
    runs(20),
  );
});

test('however few rows there may be, nothing is left out of the total', async () => {
  const few = statistics({ groups: 1, functions: 1, errors: 1 });
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const events = await eventsOf(history as never);
      const state = few.initial();
      for (const event of events) few.apply(state, event);
      const summary = summarize(state);
      expect(counted(summary.total)).toEqual(naiveRow(events, idsOf(events)));
      const [group] = summary.groups;
      const rows = [group, summary.otherGroups].flatMap((row) => (row == null ? [] : [row]));
      expect(summary.groups.length).toBeLessThanOrEqual(1);
      expect(rows.reduce((sum, row) => sum + row.created, 0)).toBe(idsOf(events).size);
    }),
    runs(20),
  );
});
