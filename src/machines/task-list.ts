/** Lists of tasks that any task joins at the end and leaves from anywhere, at a constant price. */

import type { TaskRecord } from './records.ts';

/** The links are in the tasks; which of them a list uses is up to its kind. */
abstract class LinkedTasks<T extends TaskRecord> {
  length = 0;
  first: T | undefined = undefined;
  last: T | undefined = undefined;

  abstract previousOf(task: T): T | undefined;
  abstract nextOf(task: T): T | undefined;
  protected abstract setPrevious(task: T, previous: T | undefined): void;
  protected abstract setNext(task: T, next: T | undefined): void;

  push(task: T): void {
    const { last } = this;
    if (last === undefined) {
      this.first = task;
    } else {
      this.setPrevious(task, last);
      this.setNext(last, task);
    }
    this.last = task;
    this.length++;
  }

  /** Takes the first one out; undefined if there is none. */
  shift(): T | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Whether a task is in it, given that it is in no other list of this kind. */
  has(task: T): boolean {
    return this.first === task || this.previousOf(task) !== undefined;
  }

  /** All of them, in the order in which they joined. */
  toArray(): T[] {
    const tasks: T[] = [];
    for (let task = this.first; task !== undefined; task = this.nextOf(task)) tasks.push(task);
    return tasks;
  }

  remove(task: T): void {
    const previous = this.previousOf(task);
    const next = this.nextOf(task);
    if (previous === undefined) this.first = next;
    else this.setNext(previous, next);
    if (next === undefined) this.last = previous;
    else this.setPrevious(next, previous);
    this.setPrevious(task, undefined);
    this.setNext(task, undefined);
    this.length--;
  }
}

/** The tasks of a pool in one state. A task is in one list of this kind at a time. */
export class StateTasks<T extends TaskRecord> extends LinkedTasks<T> {
  previousOf(task: T): T | undefined {
    return task.previousInState as T | undefined;
  }

  nextOf(task: T): T | undefined {
    return task.nextInState as T | undefined;
  }

  protected setPrevious(task: T, previous: T | undefined): void {
    task.previousInState = previous;
  }

  protected setNext(task: T, next: T | undefined): void {
    task.nextInState = next;
  }
}

/** The remembered tasks of a group. */
export class GroupTasks extends LinkedTasks<TaskRecord> {
  previousOf(task: TaskRecord): TaskRecord | undefined {
    return task.previousInGroup;
  }

  nextOf(task: TaskRecord): TaskRecord | undefined {
    return task.nextInGroup;
  }

  protected setPrevious(task: TaskRecord, previous: TaskRecord | undefined): void {
    task.previousInGroup = previous;
  }

  protected setNext(task: TaskRecord, next: TaskRecord | undefined): void {
    task.nextInGroup = next;
  }
}
