/** The detail panel: a comparison, a task, a group, or otherwise the longest running tasks. */

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useModel } from '../context.ts';
import { Comparison } from '../time/comparison.tsx';
import { GroupDetail } from './group-detail.tsx';
import { Longest } from './longest.tsx';
import { TaskDetail } from './task-detail.tsx';

export function DetailPanel(): JSX.Element {
  const model = useModel();
  useInSight(model.task.value ?? model.group.value);
  if (model.pinned.value !== undefined) return <Comparison pinned={model.pinned.value} />;
  const id = model.task.value;
  if (id !== undefined) return <TaskDetail key={id} id={id} />;
  const group = model.group.value;
  return group === undefined ? <Longest /> : <GroupDetail key={group} name={group} />;
}

/** On a phone, scrolls the panel into view when something is selected. */
function useInSight(selected: number | string | undefined): void {
  const before = useRef(selected);
  useEffect(() => {
    // Not for a selection from the link: the page starts at its top.
    if (before.current === selected) return;
    before.current = selected;
    if (selected === undefined || !matchMedia('(max-width: 720px)').matches) return;
    document.querySelector('.panel.detail')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
}
