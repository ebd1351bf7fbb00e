/** What a resumed pool does about what the process before it left behind. */

import { ResultsNotRetained, TaskInterrupted } from '../../errors.ts';
import { Code } from '../../event-table.ts';
import { ENDED, QUEUED, TASK_STATES } from '../../machines/charts.ts';
import { StateTasks } from '../../machines/records.ts';
import { cancellation } from '../engine/cancellation.ts';
import type { Engine } from '../engine/engine.ts';
import type { Group } from '../engine/group.ts';
import { FORMER, type Task } from '../engine/task.ts';
import { isDropped, isInterrupted, isRetried } from './earlier-life.ts';
import { type ResumeOptions, sourceOfGroup } from './resume-options.ts';
import { resumedFeed } from './resumed-source.ts';
import { copyJson } from './storable.ts';

/** Before the first event of the new life: what was in no journal is made again, or is gone. */
export function bringBack(engine: Engine, options: ResumeOptions): void {
  const { state } = engine.recorder;
  for (const task of state.tasks) if (task.state === ENDED) task.value = FORMER;
  for (const group of state.groups) bringGroupBack(engine, group, options);
}

function bringGroupBack(engine: Engine, group: Group, options: ResumeOptions): void {
  if (group.source === 'open') {
    group.feed = resumedFeed(group, sourceOfGroup(options, group.name), () =>
      engine.onReady(group),
    );
    return;
  }
  if (group.source === 'failed') {
    const error = new ResultsNotRetained(
      `expected a source whose error is known, got that of '${group.name}', which failed before the pool was resumed`,
    );
    engine.delivery.fail(group, error, false);
  }
  if (group.isDone) engine.delivery.finish(group);
}

/** Drops the calls within which the process died: nothing of them has counted yet. */
export function dropIncompleteCalls(engine: Engine, options: ResumeOptions): void {
  for (const group of [...engine.recorder.state.groups]) {
    if (!isDropped(group, options)) continue;
    const { planned } = group.identity.kind;
    const reason = new TaskInterrupted(
      `the process died while it stored the ${planned} items of '${group.name}': its call never was`,
    );
    engine.cancelGroup(group, cancellation(reason));
  }
}

/** Ends, or lets wait again, what was going on when the process died: in the order of ids. */
export function settleInterrupted(engine: Engine, options: ResumeOptions): void {
  const { state } = engine.recorder;
  const groups = new Set<Group>();
  for (const task of [...state.tasks]) {
    if (task.state === ENDED) continue;
    if (!isInterrupted(task)) engine.unwind(task);
    else if (isRetried(task.group, options)) groups.add(retry(engine, task));
    else giveUp(engine, task);
  }
  for (const group of groups) group.advanceBacklog();
}

function retry(engine: Engine, task: Task): Group {
  const { group, index } = task;
  engine.recorder.record(Code.taskInterrupted, task);
  // An observer of its actor may have cancelled it there and then.
  if (task.state !== QUEUED) return group;
  task.item = copyJson(group.stored?.of(index) ?? null);
  group.backlog ??= new StateTasks();
  group.backlog.push(task);
  return group;
}

function giveUp(engine: Engine, task: Task): void {
  const was = TASK_STATES[task.state];
  engine.giveUp(
    task,
    new TaskInterrupted(`task ${task.id} of '${task.group.name}' was ${was} when its process died`),
  );
}
