/** Delivers results and failures to callers that requested them, and keeps failures that no caller has received. */

import { Code, type EventCode } from '../../events/event-codes.ts';
import type { Subject } from '../../machines/pool-state.ts';
import type { Witness } from '../door/door.ts';
import type { Group, GroupFailure, Task } from '../live/live.ts';
import type { Failures } from './failures.ts';
import { type ResultSink, withSink } from './results.ts';

export class Delivery implements Witness {
  /** The events that it observes: those with results, and those that may be the last of a group. */
  readonly codes: readonly EventCode[] = [
    Code.taskEnded,
    Code.groupExhausted,
    Code.groupFailed,
    Code.groupCancelled,
  ];
  readonly allowsRelay = true;
  readonly failures: Failures;
  /** The failures of groups that were already delivered. */
  readonly #passedOn = new WeakSet<GroupFailure>();

  constructor(failures: Failures) {
    this.failures = failures;
  }

  see(code: EventCode, subject: Subject): void {
    if (code === Code.taskEnded) this.#seeEnded(subject as Task);
    else this.#seeStopped(subject as Group);
  }

  /** Adds a sink, which also receives earlier results, in their order. */
  addSink(group: Group, sink: ResultSink): void {
    if (group.ended > 0 || group.failure !== undefined) this.#catchUp(group, sink);
    if (group.isFinished) sink.finish();
    else group.sink = withSink(group.sink, sink);
  }

  /** The last task of a group has ended. */
  finish(group: Group): void {
    if (!group.isFinished) group.finish()?.finish();
  }

  #seeEnded(task: Task): void {
    const { group } = task;
    task.rank = group.ended;
    if (task.startedAt === undefined) group.addUnstarted(task);
    if (group.sink !== undefined || task.outcome === 'rejected' || task.asked !== undefined) {
      this.#deliver(task, group);
    }
    if (group.isDone) this.finish(group);
  }

  #deliver(task: Task, group: Group): void {
    const { value, asked } = task;
    const delivered = group.sink?.add(task, value) === true || asked !== undefined;
    if (task.outcome === 'fulfilled') asked?.resolve(value);
    else asked?.reject(value);
    if (!delivered && task.outcome === 'rejected') this.failures.keep(task, value);
  }

  /** The source of a group has ended, failed, or was cancelled. */
  #seeStopped(group: Group): void {
    const { failure } = group;
    if (failure !== undefined && !this.#passedOn.has(failure)) {
      this.#passedOn.add(failure);
      const delivered = group.sink?.fail(failure.error) ?? false;
      if (!delivered && failure.counts) this.failures.keep(group, failure.error);
    }
    if (group.isDone) this.finish(group);
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
