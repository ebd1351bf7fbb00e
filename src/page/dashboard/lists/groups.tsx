/** The groups: how far they are, how much of each may run, and what can be done to them. */

import type { JSX } from 'preact';
import type { GroupRecord } from '../../../machines/records.ts';
import { Empty, Link } from '../../ui/controls.tsx';
import { count, plural } from '../../ui/format.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useModel } from '../context.ts';
import type { Model } from '../data/model.ts';
import { Stepper } from '../head/size.tsx';
import { type Figures, figuresOf, timesText } from './figures.ts';
import { Progress } from './progress.tsx';

export function Groups(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const groups = [...moment.state.groups];
  if (groups.length === 0) {
    return (
      <Empty title="No groups">
        {moment.state.totals.created === 0
          ? 'The pool has not been given anything to do yet.'
          : 'Every group has ended, and is no longer remembered.'}
      </Empty>
    );
  }
  const mayChange = model.mayChange.value;
  return (
    <VirtualRows
      label="Groups"
      count={groups.length}
      rowHeight={30}
      columns={9}
      head={
        <tr>
          <th>group</th>
          <th class="wide">function</th>
          <th>progress</th>
          <th class="n">running</th>
          <th class="n">limit</th>
          <th class="n wide">priority</th>
          <th class="n wide">p50 · p95</th>
          <th class="n">failed</th>
          <th class="n">{mayChange && <span class="visually-hidden">what can be done</span>}</th>
        </tr>
      }
      row={(index) => {
        const group = groups[index] as GroupRecord;
        return <Row key={group.ordinal} group={group} model={model} mayChange={mayChange} />;
      }}
    />
  );
}

interface RowProps {
  readonly group: GroupRecord;
  readonly model: Model;
  readonly mayChange: boolean;
}

function Row({ group, model, mayChange }: RowProps): JSX.Element {
  const { name } = group;
  const figures = figuresOf(model, 'groups', name);
  return (
    <tr aria-selected={model.group.value === name}>
      <td class="name">
        <Link onClick={() => model.tasksOfGroup(name)} title="Show its tasks">
          <code>{name}</code>
        </Link>
      </td>
      <td class="wide name">{group.identity.kind.functionName}</td>
      <td>
        <Progress group={group} figures={figures} />
      </td>
      <td class="n">{count(group.slots)}</td>
      <td class="n">
        <Limit group={group} model={model} mayChange={mayChange} />
      </td>
      <td class="n wide">
        <Stepper
          label={`Priority of ${name}`}
          value={String(group.priority)}
          isFixed={!mayChange}
          onStep={(by) => setPriority(model, name, group.priority + by)}
          onSet={(priority) => setPriority(model, name, priority)}
        />
      </td>
      <td class="n wide">{timesText(figures)}</td>
      <td class={`n ${figures.rejected > 0 ? 'bad' : ''}`}>{count(figures.rejected)}</td>
      <td class="n">{mayChange && <Doings group={group} model={model} figures={figures} />}</td>
    </tr>
  );
}

function setPriority({ actions }: Model, group: string, priority: number): void {
  actions.run('priority', { group, priority }, `Priority of ${group}: ${priority}`);
}

function Limit({ group, model, mayChange }: RowProps): JSX.Element {
  const { name, numConcurrent } = group;
  const set = (limit: number): void =>
    model.actions.run('numConcurrent', { group: name, limit }, `Limit of ${name}: ${count(limit)}`);
  return (
    <Stepper
      label={`Limit of ${name}`}
      value={numConcurrent === null ? '∞' : String(numConcurrent)}
      isFixed={!mayChange}
      onStep={(by) => set(Math.max(1, (numConcurrent ?? group.slots) + by))}
      onSet={set}
    />
  );
}

interface DoingsProps {
  readonly group: GroupRecord;
  readonly model: Model;
  readonly figures: Figures;
}

function Doings({ group, model: { actions }, figures }: DoingsProps): JSX.Element {
  const { name, paused, slots, source } = group;
  const isOver = source !== 'open' && group.created === group.ended;
  if (isOver) return <span class="soft">done</span>;
  const waiting = Math.max(0, figures.total - group.ended - slots);
  return (
    <>
      {paused ? (
        <Link
          label={`Resume ${name}`}
          onClick={() => actions.run('resume', { group: name }, `${name} resumed`)}
        >
          <span class="warn">paused ·</span> Resume
        </Link>
      ) : (
        <Link
          label={`Pause ${name}`}
          onClick={() => actions.run('pause', { group: name }, `${name} paused`)}
        >
          Pause
        </Link>
      )}
      {' · '}
      <Link
        danger
        label={`Cancel ${name}`}
        onClick={() =>
          actions.ask({
            title: `Cancel the group ${name}?`,
            text: `${plural(slots, 'running task')} ${slots === 1 ? 'is' : 'are'} aborted, and ${plural(waiting, 'pending one')} ${waiting === 1 ? 'is' : 'are'} dropped.`,
            action: 'Cancel the group',
            onConfirm: () =>
              actions.run('cancelGroup', { group: name }, `${name} is being cancelled`),
          })
        }
      >
        Cancel
      </Link>
    </>
  );
}
