/** The longest running tasks, shown when nothing is selected. */

import type { JSX } from 'preact';
import type { TaskRecord } from '../../../machines/records.ts';
import { Empty, Link, Panel } from '../../ui/controls.tsx';
import { count, duration, json, plain } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useHover, useSteady } from '../../ui/steady.ts';
import { useModel } from '../context.ts';
import { type Moment, stateNameOf } from '../data/moment.ts';

const MOST = 12;

export function Longest(): JSX.Element | null {
  const model = useModel();
  const moment = model.shown.value;
  const { isOver, handlers } = useHover();
  const isHeld = isOver && model.isLive.value;
  const found = moment === undefined ? [] : longest(moment);
  const tasks = useSteady(found, { keyOf: ({ id }) => id, isHeld });
  if (moment === undefined) return null;
  const now = model.now();
  const running = moment.state.numRunning;
  return (
    <Panel
      class="detail"
      label="Running longest"
      title="Running longest"
      right={
        running > 0 && (
          <span>
            {count(found.length)} of {count(running)} · select a task for its path
          </span>
        )
      }
    >
      {tasks.length === 0 ? (
        <Empty title="Nothing runs">
          {moment.state.status === 'closed'
            ? 'The pool is closed.'
            : 'Select a task to see its path.'}
        </Empty>
      ) : (
        <Scroll label="Tasks that run longest">
          <table>
            <tbody {...handlers}>
              {tasks.map((task) => (
                <tr key={task.id} onClick={() => model.select(task.id)}>
                  <td class="n">
                    <Link onClick={() => model.select(task.id)}>{count(task.id)}</Link>
                  </td>
                  <td dir="auto" class="name" title={plain(task.group.name)}>
                    <code>{plain(task.group.name)}</code>
                  </td>
                  <td class={stateNameOf(task) === 'running' ? 'soft' : 'warn'}>
                    {stateNameOf(task)}
                  </td>
                  <td class="wide note mono">
                    {task.notes.progress === undefined ? '' : json(task.notes.progress, 60)}
                  </td>
                  <td class="n">{duration((task.endedAt ?? now) - (task.startedAt ?? now))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

/** Tasks that ignore a cancel come first; the others are in order of start. */
function longest({ state }: Moment): TaskRecord[] {
  const found: TaskRecord[] = [];
  let unwinding = state.numUnwinding;
  for (const task of unwinding > 0 ? state.tasks : []) {
    if (unwinding === 0 || found.length >= MOST) break;
    const name = stateNameOf(task);
    if (name !== 'cancelling' && name !== 'timedOut') continue;
    unwinding--;
    found.push(task);
  }
  for (let task = state.running.first; task !== undefined; task = state.running.nextOf(task)) {
    if (found.length >= MOST) break;
    found.push(task);
  }
  return found;
}
