/** Brings results and failures to whoever asked, and keeps the failures that nobody asked for. */

import type { Group } from '../engine/group.ts';
import type { Task } from '../engine/task.ts';
import type { Failures } from './failures.ts';
import { OVER, type ResultSink, withSink } from './results.ts';

export class Delivery {
  readonly failures: Failures;

  constructor(failures: Failures) {
    this.failures = failures;
  }

  /** Adds a sink that gets what there has been as well, in the order in which it came. */
  addSink(group: Group, sink: ResultSink): void {
    if (group.ended > 0 || group.failure !== undefined) this.#catchUp(group, sink);
    if (group.isFinished) sink.finish();
    else group.sink = withSink(group.sink, sink);
  }

  /** Takes the result of a task that has ended. */
  deliver(task: Task): void {
    const { value } = task;
    const delivered = task.group.sink?.add(task, value) ?? false;
    if (!delivered && task.outcome === 'rejected') this.failures.keep(task, value);
  }

  /**
   * Values of a group will be missing for a reason that is none of its tasks': what its source threw,
   * which counts as a failure, or what the group was cancelled with. Only the first reason is told.
   */
  fail(group: Group, error: unknown, counts: boolean): void {
    if (group.failure !== undefined) return;
    group.failure = { error, rank: group.ended };
    const delivered = group.sink?.fail(error) ?? false;
    if (!delivered && counts) this.failures.keep(group, error);
  }

  /** The last task of a group has ended. */
  finish(group: Group): void {
    if (group.isFinished) return;
    const { sink } = group;
    group.sink = OVER;
    sink?.finish();
  }

  #catchUp(group: Group, sink: ResultSink): void {
    const { failure } = group;
    const ended = [...group.endedTasks].sort((a, b) => a.rank - b.rank);
    const place = failure === undefined ? -1 : ended.findIndex(({ rank }) => rank > failure.rank);
    const before = place < 0 ? ended : ended.slice(0, place);
    this.#addAll(before, sink);
    if (failure !== undefined && sink.fail(failure.error)) this.failures.delivered(group);
    if (place >= 0) this.#addAll(ended.slice(place), sink);
  }

  #addAll(tasks: readonly Task[], sink: ResultSink): void {
    for (const task of tasks) if (sink.add(task, task.value)) this.failures.delivered(task);
  }
}
