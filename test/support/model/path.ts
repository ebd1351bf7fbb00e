/** Sends the events of a task through xstate's own interpreter of the chart. */

import { isDeepStrictEqual } from 'node:util';
import { getInitialSnapshot, getNextSnapshot } from 'xstate';
import { type TaskEvent, taskMachine } from 'xstate-taskpool/machines';
import { actorFacts, expectedActor } from './actor-watch.ts';
import type { TaskFacts } from './facts.ts';

/** The problems if they are no path of the chart, or lead to other facts. */
export function pathProblems(task: TaskFacts): string[] {
  const { id, group, index, events } = task;
  const problems: string[] = [];
  const input = { id, group: group.name, index, attempt: 1 };
  let snapshot = getInitialSnapshot(taskMachine, input);
  for (const event of events.slice(1) as unknown as TaskEvent[]) {
    if (!snapshot.can(event)) {
      problems.push(`task ${id} has ${event.type} when ${JSON.stringify(snapshot.value)}`);
    }
    snapshot = getNextSnapshot(taskMachine, snapshot, event);
  }
  const { value, status, context, output } = snapshot;
  if (!isDeepStrictEqual({ value, status, context: { ...context }, output }, expectedActor(task))) {
    problems.push(
      `xstate says of task ${id} ${JSON.stringify({ value, context: actorFacts(task) })}`,
    );
  }
  return problems;
}
