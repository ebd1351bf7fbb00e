/** What is looked at closely: a comparison, a task, a group, or else what runs longest. */

import type { JSX } from 'preact';
import { useModel } from '../context.ts';
import { Comparison } from '../time/comparison.tsx';
import { GroupDetail } from './group-detail.tsx';
import { Longest } from './longest.tsx';
import { TaskDetail } from './task-detail.tsx';

export function DetailPanel(): JSX.Element {
  const model = useModel();
  if (model.pinned.value !== undefined) return <Comparison pinned={model.pinned.value} />;
  const id = model.task.value;
  if (id !== undefined) return <TaskDetail key={id} id={id} />;
  const group = model.group.value;
  return group === undefined ? <Longest /> : <GroupDetail key={group} name={group} />;
}
