/** The list of the tasks that the pool remembers, as far as they are loaded: a long table with filters. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { PoolState } from '../../../machines/pool-state.ts';
import type { TaskRecord } from '../../../machines/records.ts';
import { Empty, Link } from '../../ui/controls.tsx';
import { count, duration, plain } from '../../ui/format.ts';
import { useHover, useSteady } from '../../ui/steady.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useModel } from '../context.ts';
import type { Model } from '../data/model.ts';
import { CancelChosen, ChooseTask } from './chosen-tasks.tsx';
import { Heading, type Sorting } from './heading.tsx';
import { listTasks, noteOf, ranOf, type SortKey, statusOf, waitedOf } from './task-filter.ts';

const STATES = ['queued', 'running', 'cancelling', 'timedOut', 'delayed', 'cancelled', 'ended'];
const OUTCOMES = ['fulfilled', 'rejected'];

/** Kept while another list is shown. */
const text = signal('');
const sorting = signal<Sorting<SortKey>>({ by: 'id', isAscending: false });

export function Tasks(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  const now = model.now();
  const { by: sort, isAscending } = sorting.value;
  const state = model.taskState.value;
  const query = { state, group: model.group.value, text: text.value, sort, isAscending };
  const listed = moment === undefined ? [] : listTasks(moment, query, now);
  const { isOver, handlers } = useHover();
  const isHeld = isOver && model.isLive.value;
  const tasks = useSteady(listed, { keyOf, isHeld, query: JSON.stringify(query) });
  if (moment === undefined) return null;
  const mayChange = model.mayChange.value;
  const heading = (key: SortKey, title: string, kind?: string): JSX.Element => (
    <Heading name={key} title={title} kind={kind} sorting={sorting} />
  );
  return (
    <>
      <Filters shown={listed.length} isHeld={isHeld} />
      {tasks.length === 0 ? (
        <Empty title="No tasks">{emptyText(moment.state)}</Empty>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only moves what is selected within.
        <div
          class="tab-panel"
          {...handlers}
          onKeyDown={(event) => moveSelection(event, model, tasks)}
        >
          <VirtualRows
            label="Tasks"
            count={tasks.length}
            rowHeight={30}
            columns={mayChange ? 8 : 7}
            current={tasks.findIndex(({ id }) => id === model.task.value)}
            head={
              <tr>
                {mayChange && (
                  <th class="check">
                    <span class="visually-hidden">chosen</span>
                  </th>
                )}
                {heading('id', 'task', 'n')}
                {heading('group', 'group')}
                {heading('state', 'state')}
                {heading('attempt', 'attempt', 'n wide')}
                {heading('waited', 'waited', 'n wide')}
                {heading('ran', 'ran', 'n')}
                <th class="wide">note</th>
              </tr>
            }
            row={(index) => {
              const task = tasks[index] as TaskRecord;
              return <Row key={task.id} task={task} now={now} mayChange={mayChange} />;
            }}
          />
        </div>
      )}
    </>
  );
}

function keyOf({ id }: TaskRecord): number {
  return id;
}

function emptyText({ tasks, status, totals }: PoolState): string {
  if (tasks.size > 0) return 'None is as you ask for.';
  if (totals.created === 0) return 'None was made yet.';
  return status === 'closed'
    ? 'A closed pool remembers none: drag the time bar to where they were there.'
    : 'None is remembered.';
}

interface FiltersProps {
  readonly shown: number;
  /** Whether the rows keep their places, however the tasks change. */
  readonly isHeld: boolean;
}

function Filters({ shown, isHeld }: FiltersProps): JSX.Element {
  const model = useModel();
  const moment = model.shown.value;
  const groups = [...(moment?.state.groups ?? [])].map(({ name }) => name);
  const size = moment?.state.tasks.size ?? 0;
  const left = moment?.omitted ?? 0;
  return (
    <div class="filters">
      <select
        aria-label="State"
        value={model.taskState.value}
        onChange={({ currentTarget }) => {
          model.taskState.value = currentTarget.value;
        }}
      >
        <option value="">all states</option>
        {[...STATES, ...OUTCOMES].map((state) => (
          <option key={state} value={state}>
            {state}
          </option>
        ))}
      </select>
      <select
        aria-label="Group"
        value={model.group.value ?? ''}
        onChange={({ currentTarget }) => {
          model.group.value = currentTarget.value || undefined;
        }}
      >
        <option value="">all groups</option>
        {groups.map((name) => (
          <option key={name} value={name}>
            {plain(name)}
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label="Text"
        placeholder="id, group, error …"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
      <span
        class="soft note"
        title={left > 0 ? `${count(left)} that ended earlier are counted, and not listed` : ''}
      >
        {isHeld && (
          <span title="Rows stay where they are while the pointer is over them">held · </span>
        )}
        {count(shown)} of {count(size + left)}
        {left > 0 && `, ${count(left)} older ones not here`}
      </span>
      {model.mayChange.value && <CancelChosen />}
    </div>
  );
}

interface RowProps {
  readonly task: TaskRecord;
  readonly now: number;
  readonly mayChange: boolean;
}

function Row({ task, now, mayChange }: RowProps): JSX.Element {
  const model = useModel();
  const { id } = task;
  const status = statusOf(task);
  const ran = ranOf(task, now);
  const isWaiting = status === 'queued' || status === 'delayed';
  return (
    <tr aria-selected={model.task.value === id} onClick={() => model.select(id)}>
      {mayChange && (
        <td class="check">
          <ChooseTask task={task} />
        </td>
      )}
      <td class="n">
        <Link onClick={() => model.select(id)}>{count(id)}</Link>
      </td>
      <td dir="auto" class="name" title={plain(task.group.name)}>
        <code>{plain(task.group.name)}</code>
      </td>
      <td>
        <i
          class="dot"
          style={{ background: `var(--${status === 'timedOut' ? 'delayed' : status})` }}
        />
        <span class={status === 'rejected' ? 'bad' : ''}>{status}</span>
        {isWaiting && (
          <Link onClick={() => model.select(id)} label={`Why does task ${id} wait?`}>
            why?
          </Link>
        )}
      </td>
      <td class="n wide">{task.attempt}</td>
      <td class="n wide">{duration(waitedOf(task, now))}</td>
      <td class="n">{ran === undefined ? '–' : duration(ran)}</td>
      <td class={`wide note ${task.notes.error === undefined ? '' : 'bad'}`}>
        {plain(noteOf(task))}
      </td>
    </tr>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
};

function moveSelection(event: KeyboardEvent, model: Model, tasks: readonly TaskRecord[]): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const at = tasks.findIndex(({ id }) => id === model.task.value);
  const next = tasks[Math.min(tasks.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  event.preventDefault();
  model.select(next.id);
}
