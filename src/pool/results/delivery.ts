/** Brings results and failures to whoever asked, and keeps the failures that nobody asked for. */

import { ENDED } from '../../machines/charts.ts';
import type { Group } from '../engine/group.ts';
import type { Task } from '../engine/task.ts';
import type { Failures } from './failures.ts';
import { OVER, type ResultSink, withSink } from './results.ts';

export class Delivery {
  readonly failures: Failures;

  constructor(failures: Failures) {
    this.failures = failures;
  }

  /** Adds a sink that gets what has ended before as well, in the order in which it ended. */
  addSink(group: Group, sink: ResultSink): void {
    if (group.ended > 0) this.#addEnded(group, sink);
    if (group.isFinished) {
      if (sink.finish(group.failure)) this.failures.delivered(group);
    } else {
      group.sink = withSink(group.sink, sink);
    }
  }

  /** Takes the result of a task that has ended. */
  deliver(task: Task): void {
    const { value } = task;
    const delivered = task.group.sink?.add(task, value) ?? false;
    if (!delivered && task.outcome === 'rejected') this.failures.keep(task, value);
  }

  /** The last task of a group has ended. */
  finish(group: Group): void {
    if (group.isFinished) return;
    const { sink } = group;
    group.sink = OVER;
    const delivered = sink?.finish(group.failure) ?? false;
    if (!delivered && group.failure?.counts === true) {
      this.failures.keep(group, group.failure.error);
    }
  }

  #addEnded(group: Group, sink: ResultSink): void {
    const ended = group.tasks.filter((task) => task.state === ENDED);
    for (const task of ended.sort((a, b) => a.rank - b.rank)) {
      if (sink.add(task, task.value)) this.failures.delivered(task);
    }
  }
}
