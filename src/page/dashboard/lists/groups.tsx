/** The list of groups: their progress, limits and actions. */

import type { ComponentChildren, JSX } from 'preact';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { GroupRecord } from '../../../machines/records.ts';
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
  const cancelling = cancellingGroups(moment.state);
  const groups = [...moment.state.groups];
  // A closed pool has forgotten its groups, but they were counted.
  const ended = groups.length > 0 ? [] : model.statistics.groups(moment.state);
  const numRows = cancelling.length + groups.length + ended.length;
  if (numRows === 0) {
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
      count={numRows}
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
        const leaving = cancelling[index];
        if (leaving !== undefined)
          return <CancellingRow key={leaving.ordinal} group={leaving} state={moment.state} />;
        const group = groups[index - cancelling.length];
        if (group !== undefined)
          return <Row key={group.ordinal} group={group} state={moment.state} />;
        const row = ended[index - cancelling.length - groups.length] as StatisticsGroup;
        return <EndedRow key={`${row.name} ${index}`} row={row} />;
      }}
    />
  );
}

/** Groups that the pool no longer has since they were cancelled, while functions of theirs still run. */
export function cancellingGroups({ cancelled }: PoolState): readonly GroupRecord[] {
  return [...cancelled].filter(({ created, ended }) => created > ended);
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

function CancellingRow({ group, state }: RowProps): JSX.Element {
  const model = useModel();
  const { name, identity } = group;
  const figures = figuresOf([group], model.statistics.row('groups', name, state));
  const names = { name, functionName: identity.kind.functionName };
  return (
    <FixedRow {...names} figures={figures}>
      <span class="warn" title="It ends when its functions have ended">
        cancelling
      </span>
    </FixedRow>
  );
}

function EndedRow({ row }: { readonly row: StatisticsGroup }): JSX.Element {
  const { name, functionName } = row;
  return (
    <FixedRow name={name} functionName={functionName} figures={figuresOfRow(row)}>
      <span class="soft">ended</span>
    </FixedRow>
  );
}

interface FixedRowProps {
  readonly name: string;
  readonly functionName: string;
  readonly figures: Figures;
  /** What has become of the group. */
  readonly children: ComponentChildren;
}

/** A group that nothing can be done to. */
function FixedRow({ name, functionName, figures, children }: FixedRowProps): JSX.Element {
  return (
    <tr>
      <td dir="auto" class="name" title={plain(name)}>
        <code>{plain(name)}</code>
      </td>
      <FunctionName name={functionName} />
      <td>
        <Progress figures={figures} />
      </td>
      <td class="n">{count(figures.slots)}</td>
      <td class="n wide soft">–</td>
      <td class="n widest soft">–</td>
      <Outcome figures={figures} />
      <td class="n wide">{children}</td>
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
