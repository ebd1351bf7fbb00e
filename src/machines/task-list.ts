import type { TaskRecord } from './records.ts';

/** A list of tasks that any task joins at the end and leaves from anywhere, at a constant price. */
export class TaskList<T extends TaskRecord> {
  length = 0;
  first: T | undefined = undefined;
  last: T | undefined = undefined;

  push(task: T): void {
    task.previous = this.last;
    if (this.last === undefined) this.first = task;
    else this.last.next = task;
    this.last = task;
    this.length++;
  }

  remove(task: T): void {
    const { previous, next } = task as { previous: T | undefined; next: T | undefined };
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    task.previous = undefined;
    task.next = undefined;
    this.length--;
  }
}
