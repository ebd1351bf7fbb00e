/** The list of groups: their progress, limits and actions. */

import type { JSX } from 'preact';
import type { PoolState } from '../../../machines/pool-state.ts';
import { Empty, Link } from '../../ui/controls.tsx';
import { count, plain } from '../../ui/format.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useModel } from '../context.ts';
import type { StatisticsGroup } from '../data/statistics.ts';
import { type Figures, figuresOf, figuresOfRow, timesText } from './figures.ts';
import { GroupLimit, GroupPriority, type GroupProps, PauseOrCancel } from './group-doings.tsx';
import { Failed, Progress } from './progress.tsx';

export function Groups(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const groups = [...moment.state.groups];
  // A closed pool has forgotten its groups, but they were counted.
  const ended = groups.length > 0 ? [] : model.statistics.groups(moment.state);
  if (groups.length + ended.length === 0) {
    return (
      <Empty title="No groups">
        {moment.state.totals.created === 0
          ? 'The pool has not been given anything to do yet.'
          : 'Every group has ended, and is no longer remembered.'}
      </Empty>
    );
  }
  return (
    <VirtualRows
      label="Groups"
      count={groups.length + ended.length}
      rowHeight={30}
      columns={9}
      head={
        <tr>
          <th>group</th>
          <th class="wide function">function</th>
          <th>progress</th>
          <th class="n">running</th>
          <th class="n wide stepped">limit</th>
          <th class="n widest stepped">priority</th>
          <th class="n wide times">p50 · p95</th>
          <th class="n">failed</th>
          <th class="n wide">
            <span class="visually-hidden">what can be done</span>
          </th>
        </tr>
      }
      row={(index) => {
        const group = groups[index];
        if (group !== undefined)
          return <Row key={group.ordinal} group={group} state={moment.state} />;
        const row = ended[index - groups.length] as StatisticsGroup;
        return <EndedRow key={`${row.name} ${index}`} row={row} />;
      }}
    />
  );
}

interface RowProps extends GroupProps {
  readonly state: PoolState;
}

function Row({ group, state }: RowProps): JSX.Element {
  const model = useModel();
  const { name } = group;
  const figures = figuresOf([group], model.statistics.row('groups', name, state));
  return (
    <tr aria-selected={model.group.value === name}>
      <td dir="auto" class="name">
        <Link onClick={() => model.selectGroup(name)} title={`${plain(name)}: show more of it`}>
          <code>{plain(name)}</code>
        </Link>
      </td>
      <FunctionName name={group.identity.kind.functionName} />
      <td>
        <Progress figures={figures} isPaused={group.paused} />
      </td>
      <td class="n">{count(group.slots)}</td>
      <td class="n wide">
        <GroupLimit group={group} />
      </td>
      <td class="n widest">
        <GroupPriority group={group} />
      </td>
      <Outcome figures={figures} />
      <td class="n wide">{model.mayChange.value && <PauseOrCancel group={group} />}</td>
    </tr>
  );
}

function EndedRow({ row }: { readonly row: StatisticsGroup }): JSX.Element {
  const figures = figuresOfRow(row);
  return (
    <tr>
      <td dir="auto" class="name" title={plain(row.name)}>
        <code>{plain(row.name)}</code>
      </td>
      <FunctionName name={row.functionName} />
      <td>
        <Progress figures={figures} />
      </td>
      <td class="n">{count(figures.slots)}</td>
      <td class="n wide soft">–</td>
      <td class="n widest soft">–</td>
      <Outcome figures={figures} />
      <td class="n wide soft">ended</td>
    </tr>
  );
}

function FunctionName({ name }: { readonly name: string }): JSX.Element {
  return (
    <td dir="auto" class="wide name function" title={plain(name)}>
      {plain(name)}
    </td>
  );
}

function Outcome({ figures }: { readonly figures: Figures }): JSX.Element {
  return (
    <>
      <td class="n wide times">{timesText(figures)}</td>
      <Failed figures={figures} />
    </>
  );
}
