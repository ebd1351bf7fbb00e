/** The details of a task: its path with times, and all its data. */

import type { JSX } from 'preact';
import type { TaskRecord } from '../../../machines/records.ts';
import { Button, Empty, Link, Panel } from '../../ui/controls.tsx';
import { clock, count, duration, json, plain, plainLines } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';
import type { Model } from '../data/model.ts';
import { pathOf } from '../data/path.ts';
import { statusOf } from '../lists/task-filter.ts';
import { Waits } from './explain.tsx';
import { Fact } from './facts.tsx';
import { PathView } from './path-view.tsx';

export function TaskDetail({ id }: { readonly id: number }): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  if (moment === undefined) return null;
  const task = moment.state.tasks.get(id);
  const path = pathOf(moment, id);
  const close = (
    <Link label="Deselect the task" title="Deselect (Esc)" onClick={() => model.select(undefined)}>
      ×
    </Link>
  );
  const title = `Task ${count(id)}`;
  const where = task === undefined ? '' : `${plain(task.group.name)} · item ${count(task.index)}`;
  return (
    <Panel
      class="detail"
      label={title}
      title={title}
      right={
        <>
          <span class="name">{where}</span>
          {close}
        </>
      }
    >
      <Scroll class="side" label={title}>
        {path !== undefined && <PathView path={path} now={model.now()} isOver={isOver(task)} />}
        {task === undefined ? (
          <Forgotten created={moment.state.totals.created} id={id} />
        ) : (
          <>
            <Facts task={task} now={model.now()} />
            <Doings task={task} />
          </>
        )}
      </Scroll>
    </Panel>
  );
}

function isOver(task: TaskRecord | undefined): boolean {
  return task === undefined || task.outcome !== undefined;
}

function Forgotten(props: { readonly id: number; readonly created: number }): JSX.Element {
  if (props.id >= props.created) {
    return <Empty title="No such task yet">At this place in time it has not been made.</Empty>;
  }
  return <Empty title="No longer remembered">It has ended, and the pool has forgotten it.</Empty>;
}

interface FactsProps {
  readonly task: TaskRecord;
  readonly now: number;
}

function Facts({ task, now }: FactsProps): JSX.Element {
  const { notes, attempt, queuedAt, group, index } = task;
  const { policy } = group.identity.kind;
  const retries = policy?.retry?.limit;
  const item = group.stored?.own(index);
  const { error, lastError, failures, retryAt, progress, reason, value, interruptions } = notes;
  return (
    <dl class="kv">
      <Fact name="state">
        <span class={statusOf(task) === 'rejected' ? 'bad' : ''}>{statusOf(task)}</span>
      </Fact>
      {statusOf(task) === 'queued' && <Waits what={task.id} />}
      {error !== undefined && (
        <Fact name="error">
          <span class="bad lines">
            {plain(error.name)}: {plainLines(error.message)}
          </span>
        </Fact>
      )}
      <Fact name="attempt">
        {retries === undefined || retries === null
          ? count(attempt)
          : `${count(attempt)} of ${count(retries + 1)}`}
      </Fact>
      {notes.placedBy !== undefined && <Fact name="runs at">{plain(notes.placedBy)}</Fact>}
      {lastError !== undefined && (
        <Fact name={failures === 1 ? 'failed before' : `failed ${count(failures ?? 0)} times`}>
          <span class="bad lines">
            {plain(lastError.name)}: {plainLines(lastError.message)}
          </span>
        </Fact>
      )}
      {retryAt !== undefined && retryAt > now && statusOf(task) === 'delayed' && (
        <Fact name="next attempt">in {duration(retryAt - now)}</Fact>
      )}
      {progress !== undefined && <Fact name="progress">{json(progress, 400)}</Fact>}
      {reason !== undefined && <Fact name="reason">{json(reason)}</Fact>}
      {notes.timedOut !== undefined && <Fact name="timed out">{notes.timedOut}</Fact>}
      {item !== undefined && <Fact name="item">{json(item, 400)}</Fact>}
      {value !== undefined && <Fact name="value">{json(value, 400)}</Fact>}
      {notes.omitted === true && <Fact name="value">too large to be kept</Fact>}
      {notes.keys !== undefined && <Fact name="limits">{keysText(notes.keys)}</Fact>}
      {notes.priority !== undefined && <Fact name="priority">{notes.priority}</Fact>}
      {interruptions !== undefined && <Fact name="interrupted">{count(interruptions)} times</Fact>}
      {policy?.timeout !== undefined && <Fact name="timeout">{duration(policy.timeout)}</Fact>}
      <Fact name="function">{plain(group.identity.kind.functionName)}</Fact>
      <Fact name="queued at">{clock(queuedAt)}</Fact>
    </dl>
  );
}

function isWaiting(task: TaskRecord): boolean {
  const status = statusOf(task);
  return status === 'queued' || status === 'delayed';
}

function keysText(keys: Readonly<Record<string, unknown>>): string {
  return Object.entries(keys)
    .map(([limit, key]) => (key === true ? limit : `${limit} ${plain(String(key))}`))
    .join(', ');
}

interface DoingsProps {
  readonly task: TaskRecord;
}

function Doings({ task }: DoingsProps): JSX.Element {
  const model = useModel();
  const { id } = task;
  const status = statusOf(task);
  const waits = isWaiting(task);
  const item = task.group.stored?.own(task.index);
  const mayCancel = model.mayChange.value && (waits || status === 'running');
  return (
    <div class="actions">
      {mayCancel && (
        <Changes>
          <Button
            danger
            onClick={() =>
              model.actions.ask({
                title: `Cancel task ${count(id)}?`,
                text: waits
                  ? 'It never starts.'
                  : 'Its signal is aborted. It ends when its function does, and holds its slot until then.',
                action: 'Cancel the task',
                onConfirm: () =>
                  model.actions.run('cancel', { ids: [id] }, `Cancelling task ${count(id)}`),
              })
            }
          >
            Cancel…
          </Button>
        </Changes>
      )}
      <Button onClick={() => model.selectGroup(task.group.name)}>Its group</Button>
      <Button onClick={() => copy(model, location.href, 'Link copied')}>Copy link</Button>
      {item !== undefined && (
        <Button onClick={() => copy(model, JSON.stringify(item), 'Item copied')}>Copy item</Button>
      )}
    </div>
  );
}

function copy({ actions }: Model, text: string, done: string): void {
  navigator.clipboard.writeText(text).then(
    () => actions.say(done),
    (error: Error) => actions.say(error.message, true),
  );
}
