/** What is looked at closely: a comparison, a task, or else what runs longest. */

import type { JSX } from 'preact';
import { useModel } from '../context.ts';
import { Comparison } from '../time/comparison.tsx';
import { Longest } from './longest.tsx';
import { TaskDetail } from './task-detail.tsx';

export function DetailPanel(): JSX.Element {
  const model = useModel();
  void model.beat.value;
  if (model.pinned.value !== undefined) return <Comparison pinned={model.pinned.value} />;
  const id = model.task.value;
  return id === undefined ? <Longest /> : <TaskDetail key={id} id={id} />;
}
