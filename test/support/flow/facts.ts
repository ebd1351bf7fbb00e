/** The reference's knowledge of a pool as plain data: lists that are searched each time. */

import type { LimitKey, Outcome, TimeoutKind } from 'xstate-taskpool';
import type { Terms } from './terms.ts';

export interface GroupFact {
  readonly name: string;
  readonly isSubmitted: boolean;
  readonly onError: 'stop' | 'cancel' | undefined;
  numConcurrent: number;
  priority: number;
  isPaused: boolean;
  source: 'open' | 'exhausted' | 'failed' | 'cancelled';
  /** How many calls of `submit` there have been. */
  submitted: number;
  /** How many of these were held and then released. */
  released: number;
  created: number;
  hasFailed: boolean;
}

export interface TaskFact {
  readonly id: number;
  readonly group: GroupFact;
  readonly index: number;
  readonly keys: Readonly<Record<string, LimitKey>>;
  priority: number | undefined;
  state: 'queued' | 'running' | 'unwinding' | 'delayed' | 'cancelled' | 'ended';
  holdsSlot: boolean;
  /** Whether it was cancelled while it ran: such tasks are not run again. */
  isCancelled: boolean;
  attempt: number;
  readonly terms: Terms;
  /** When it was requested: its time limits start then. */
  readonly since: number;
  /** Whether it has ever started, according to the journal. */
  hasStarted: boolean;
  startedAt: number;
  /** How many of its failed attempts were to be retried, and when the next attempt is due. */
  failures: number;
  retryAt: number;
  /** The time limit that its current attempt has reached. */
  timedOut: TimeoutKind | undefined;
  /** The last attempt that was placed. */
  placedAttempt: number;
  outcome: Outcome | undefined;
}

/** A limit with a concurrency and a rate. */
export interface LimitFact {
  concurrent: number;
  readonly rate: Rate | undefined;
  /** Until when its paused keys are paused. */
  readonly pausedUntil: Map<LimitKey, number>;
}

export interface Rate {
  readonly max: number;
  readonly per: number;
  /** Whether starts are spaced evenly. */
  readonly spread?: boolean | undefined;
}

export const priorityOf = (task: TaskFact): number => task.priority ?? task.group.priority;
export const isWaiting = ({ state }: TaskFact): boolean =>
  state === 'queued' || state === 'delayed';
export const isLive = ({ state }: TaskFact): boolean => state !== 'ended';
