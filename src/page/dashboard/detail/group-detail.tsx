/** The details of a group: its progress, the figures of its tasks, and its controls. */

import type { JSX } from 'preact';
import type { GroupRecord } from '../../../machines/records.ts';
import { Button, Empty, Link, Panel } from '../../ui/controls.tsx';
import { count, duration, plain, plural } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';
import type { StatisticsRow } from '../data/statistics.ts';
import { type Figures, figuresOf, type Outcomes } from '../lists/figures.ts';
import {
  askToCancel,
  askToDropWaiting,
  GroupLimit,
  GroupPriority,
  isDone,
} from '../lists/group-doings.tsx';
import { Progress } from '../lists/progress.tsx';
import { Waits } from './explain.tsx';
import { Fact } from './facts.tsx';
import { Submissions } from './submissions.tsx';

export function GroupDetail({ name }: { readonly name: string }): JSX.Element | null {
  const model = useModel();
  const state = model.shown.value?.state;
  const group = state?.groups.get(name);
  const functionName = plain(group?.identity.kind.functionName ?? '');
  const row = state === undefined ? undefined : model.statistics.row('groups', name, state);
  return (
    <Panel
      class="detail"
      label={`Group ${name}`}
      title={`Group ${plain(name)}`}
      right={
        <>
          <span title={functionName}>{functionName}</span>
          <Link
            label="Deselect the group"
            title="Deselect (Esc)"
            onClick={() => model.selectGroup(undefined)}
          >
            ×
          </Link>
        </>
      }
    >
      {group === undefined ? (
        <Empty title="No such group">It is not there yet, or no longer remembered.</Empty>
      ) : (
        <Scroll class="side" label={`Group ${name}`}>
          <Facts group={group} figures={figuresOf([group], row)} row={row} />
          {group.isSubmitted && model.isLive.value && <Submissions group={name} />}
          <Doings group={group} />
        </Scroll>
      )}
    </Panel>
  );
}

interface FactsProps {
  readonly group: GroupRecord;
  readonly figures: Figures;
  readonly row: StatisticsRow | undefined;
}

function Facts({ group, figures, row }: FactsProps): JSX.Element {
  const { outcomes } = figures;
  const { policy } = group.identity.kind;
  return (
    <dl class="kv">
      <Fact name="progress">
        <Progress figures={figures} />
      </Fact>
      <Fact name="limit">
        <GroupLimit group={group} />
        {' · '}
        {count(group.slots)} running
      </Fact>
      <Fact name="priority">
        <GroupPriority group={group} />
      </Fact>
      <Fact name="source">
        <span class={group.source === 'failed' ? 'bad' : ''}>
          {group.paused ? `${group.source}, paused` : group.source}
        </span>
      </Fact>
      {!isDone(group) && <Waits what={group.name} />}
      {outcomes !== undefined && <OutcomesFact outcomes={outcomes} />}
      {group.delayed > 0 && <Fact name="delayed">{count(group.delayed)}</Fact>}
      {row !== undefined && row.retries > 0 && (
        <Fact name="retries">{plural(row.retries, 'failed attempt')} tried again</Fact>
      )}
      <Times name="ran" times={row?.ran} />
      <Times name="waited" times={row?.waited} />
      {policy?.timeout !== undefined && <Fact name="timeout">{duration(policy.timeout)}</Fact>}
    </dl>
  );
}

function OutcomesFact({ outcomes }: { readonly outcomes: Outcomes }): JSX.Element {
  const { fulfilled, rejected, cancelled } = outcomes;
  return (
    <Fact name="outcomes">
      {count(fulfilled)} fulfilled,{' '}
      <span class={rejected > 0 ? 'bad' : ''}>{count(rejected)} rejected</span>, {count(cancelled)}{' '}
      cancelled
    </Fact>
  );
}

interface TimesProps {
  readonly name: string;
  readonly times: StatisticsRow['ran'] | undefined;
}

function Times({ name, times }: TimesProps): JSX.Element | null {
  if (times === undefined || times === null) return null;
  const { p50, p95, p99, max } = times;
  return (
    <Fact name={name}>
      p50 {duration(p50)} · p95 {duration(p95)} · p99 {duration(p99)} · max {duration(max)}
    </Fact>
  );
}

interface DoingsProps {
  readonly group: GroupRecord;
}

function Doings({ group }: DoingsProps): JSX.Element {
  const model = useModel();
  const { actions } = model;
  const { name, paused } = group;
  const mayChange = model.mayChange.value && !isDone(group);
  return (
    <div class="actions">
      {mayChange && (
        <Changes>
          <Button
            pressed={paused}
            onClick={() => {
              if (paused) actions.run('resume', { group: name }, `${name} resumed`);
              else actions.run('pause', { group: name }, `${name} paused`);
            }}
          >
            {paused ? 'Resume' : 'Pause'}
          </Button>
          <Button danger onClick={() => askToCancel(actions, group)}>
            Cancel…
          </Button>
          <Button danger onClick={() => askToDropWaiting(actions, group)}>
            Drop what waits…
          </Button>
        </Changes>
      )}
      <Button onClick={() => model.tasksOfGroup(name)}>Its tasks</Button>
    </div>
  );
}
