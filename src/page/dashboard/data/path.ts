/** The path of a task through its chart, as far as it is known from the loaded events. */

import type { PoolEvent, PoolEventOf } from '../../../index.ts';
import type { Moment } from './moment.ts';
import { taskSteps } from './reel.ts';

interface PathStep {
  /** The id of a state of the chart: `task.running.active`. */
  readonly state: string;
  readonly at: number;
  /** The `seq` of the event that led there. */
  readonly seq: number;
  /** The transition that led there; undefined for the first step. */
  readonly arc: number | undefined;
  readonly error?: string | undefined;
}

export interface Path {
  readonly steps: readonly PathStep[];
  /** Whether it begins with the creation of the task. */
  readonly isWhole: boolean;
}

type TaskEvent = PoolEvent & { readonly id: number };

/** The path up to a moment; undefined if no event of the task is loaded. */
export function pathOf({ reel, seq }: Moment, id: number): Path | undefined {
  const events = reel.upTo(seq).filter((event): event is TaskEvent => isAbout(event, id));
  const [first] = events;
  if (first === undefined) return undefined;
  const isWhole = first.type === 'task.queued';
  const steps: PathStep[] = [];
  let state = isWhole ? taskSteps.first : beforeOf(first.type);
  if (isWhole) steps.push({ state, at: first.at, seq: first.seq, arc: undefined });
  for (const event of isWhole ? events.slice(1) : events) {
    const { arc, to } = taskSteps.step(state, event.type);
    if (arc === undefined) continue;
    state = to;
    steps.push({ state, at: event.at, seq: event.seq, arc, error: errorIn(event) });
  }
  return { steps, isWhole };
}

function isAbout(event: PoolEvent, id: number): boolean {
  return event.type.startsWith('task.') && (event as TaskEvent).id === id;
}

function beforeOf(type: string): string {
  if (type === 'task.started') return 'task.queued';
  return type === 'task.requeued' ? 'task.delayed' : 'task.running.active';
}

function errorIn(event: PoolEvent): string | undefined {
  const { error } = event as Partial<PoolEventOf<'task.failed'>>;
  return error === undefined ? undefined : `${error.name}: ${error.message}`;
}
