/** The actions on a group. */

import type { JSX } from 'preact';
import type { GroupRecord } from '../../../machines/records.ts';
import { Link } from '../../ui/controls.tsx';
import { count, plain, plural } from '../../ui/format.ts';
import { Stepper } from '../../ui/stepper.tsx';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';
import { cancelled } from '../data/consequences.ts';
import type { Model } from '../data/model.ts';

export interface GroupProps {
  readonly group: GroupRecord;
}

export function PauseOrCancel({ group }: GroupProps): JSX.Element {
  const { actions } = useModel();
  const { name, paused } = group;
  if (isDone(group)) {
    const hasFailed = group.source === 'failed';
    return <span class={hasFailed ? 'bad' : 'soft'}>{hasFailed ? 'source failed' : 'done'}</span>;
  }
  return (
    <Changes>
      {paused ? (
        <Link
          label={`Resume ${name}`}
          onClick={() => actions.run('resume', { group: name }, `${name} resumed`)}
        >
          Resume
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
      <Link danger label={`Cancel ${name}`} onClick={() => askToCancel(actions, group)}>
        Cancel
      </Link>
    </Changes>
  );
}

/** Whether nothing of it is left to run. */
export function isDone({ source, created, ended }: GroupRecord): boolean {
  return source !== 'open' && created === ended;
}

export function askToCancel(actions: Model['actions'], group: GroupRecord): void {
  const { name } = group;
  actions.ask({
    title: `Cancel the group ${plain(name)}?`,
    text: cancelled(group),
    action: 'Cancel the group',
    onConfirm: () => actions.run('cancelGroup', { group: name }, `${name} is being cancelled`),
  });
}

/** Asks before dropping everything of a group that has not started, including submissions; running tasks continue. */
export function askToDropWaiting(actions: Model['actions'], group: GroupRecord): void {
  const { name, slots, isSubmitted } = group;
  const what = isSubmitted
    ? 'Submissions that wait are withdrawn'
    : 'What has not started is cancelled';
  actions.ask({
    title: `Drop what waits in ${plain(name)}?`,
    text: `${what}, and ${plural(slots, 'running task')} ${slots === 1 ? 'goes' : 'go'} on.`,
    action: 'Drop what waits',
    onConfirm: () => actions.run('cancelQueued', { group: name }, `Nothing waits in ${name}`),
  });
}

export function GroupLimit({ group }: GroupProps): JSX.Element {
  const model = useModel();
  const { name, numConcurrent, slots } = group;
  const set = (limit: number): Promise<boolean> =>
    model.actions.attempt(
      'numConcurrent',
      { group: name, limit },
      `Limit of ${name}: ${count(limit)}`,
    );
  return (
    <Changes>
      <Stepper
        label={`Limit of ${name}`}
        value={numConcurrent}
        unlimited={slots}
        least={1}
        isFixed={!model.mayChange.value || isDone(group)}
        onSet={set}
      />
    </Changes>
  );
}

export function GroupPriority({ group }: GroupProps): JSX.Element {
  const model = useModel();
  const { name, priority } = group;
  const set = (value: number): Promise<boolean> =>
    model.actions.attempt(
      'priority',
      { group: name, priority: value },
      `Priority of ${name}: ${value}`,
    );
  return (
    <Changes>
      <Stepper
        label={`Priority of ${name}`}
        value={priority}
        isFixed={!model.mayChange.value || isDone(group)}
        onSet={set}
      />
    </Changes>
  );
}
