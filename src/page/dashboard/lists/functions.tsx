/** The list of functions, with the sums of their groups. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { GroupRecord } from '../../../machines/records.ts';
import { Empty } from '../../ui/controls.tsx';
import { count, plain } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useModel } from '../context.ts';
import type { Statistics, StatisticsGroup } from '../data/statistics.ts';
import { type Figures, figuresOf, figuresOfRow, timesText } from './figures.ts';
import { Heading, type Sorting } from './heading.tsx';
import { Failed, Progress } from './progress.tsx';
import { sortedBy } from './sorted.ts';

type SortKey = 'function' | 'groups' | 'running' | 'p95' | 'failed';

/** The chosen order; without a column, the order of their first groups. Kept while another list is shown. */
const sorting = signal<Sorting<SortKey | undefined>>({ by: undefined, isAscending: false });

const VALUES: Readonly<Record<SortKey, (row: Row) => number | string>> = {
  function: ({ name }) => name,
  groups: ({ groups }) => groups,
  running: ({ figures }) => figures.slots,
  p95: ({ figures }) => figures.p95 ?? -1,
  failed: ({ figures }) => figures.outcomes?.rejected ?? -1,
};

export function Functions(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const { state } = moment;
  const rows = Array.from(groupsByFunction(state.groups), ([name, groups]): Row => {
    const figures = figuresOf(groups, model.statistics.row('functions', name, state));
    return { name, groups: groups.length, figures };
  });
  if (rows.length === 0)
    rows.push(...endedFunctions(model.statistics.groups(state), model.statistics, state));
  if (rows.length === 0) return <Empty title="No functions">No group is known.</Empty>;
  return (
    <Scroll label="Functions">
      <table>
        <thead>
          <tr>
            <Heading name="function" title="function" sorting={sorting} />
            <Heading name="groups" title="groups" kind="n" sorting={sorting} />
            <th>progress</th>
            <Heading name="running" title="running" kind="n" sorting={sorting} />
            <Heading name="p95" title="p50 · p95" kind="n wide" sorting={sorting} />
            <Heading name="failed" title="failed" kind="n" sorting={sorting} />
          </tr>
        </thead>
        <tbody>
          {sorted(rows).map(({ name, groups, figures }) => (
            <tr key={name}>
              <td dir="auto" class="name" title={plain(name)}>
                <code>{plain(name)}</code>
              </td>
              <td class="n">{count(groups)}</td>
              <td>
                <Progress figures={figures} />
              </td>
              <td class="n">{count(figures.slots)}</td>
              <td class="n wide">{timesText(figures)}</td>
              <Failed figures={figures} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

interface Row {
  readonly name: string;
  readonly groups: number;
  readonly figures: Figures;
}

function sorted(rows: readonly Row[]): readonly Row[] {
  const { by, isAscending } = sorting.value;
  return by === undefined ? rows : sortedBy(rows, VALUES[by], isAscending);
}

/** The functions of a pool that does not know its groups any more. */
function endedFunctions(
  groups: readonly StatisticsGroup[],
  statistics: Statistics,
  state: PoolState,
): Row[] {
  const counts = new Map<string, number>();
  for (const { functionName } of groups) {
    counts.set(functionName, (counts.get(functionName) ?? 0) + 1);
  }
  return Array.from(counts, ([name, number]) => ({ name, number })).flatMap(({ name, number }) => {
    const row = statistics.row('functions', name, state);
    return row === undefined ? [] : [{ name, groups: number, figures: figuresOfRow(row) }];
  });
}

function groupsByFunction(groups: Iterable<GroupRecord>): Map<string, GroupRecord[]> {
  const functions = new Map<string, GroupRecord[]>();
  for (const group of groups) {
    const { functionName } = group.identity.kind;
    const known = functions.get(functionName);
    if (known === undefined) functions.set(functionName, [group]);
    else known.push(group);
  }
  return functions;
}
