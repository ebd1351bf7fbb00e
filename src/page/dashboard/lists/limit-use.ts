/** Computes the use of each limit by key. */

import type { LimitKey, LimitNumbers } from '../../../index.ts';
import { opensAt } from '../../../machines/rate.ts';
import type { Moment } from '../data/moment.ts';

export interface KeyUse {
  readonly key: LimitKey;
  readonly running: number;
  /** Milliseconds until its rate allows the next start; 0 for now. */
  readonly nextStart: number;
  /** Milliseconds until its pause ends; 0 if it is not paused. */
  readonly pausedFor: number;
}

export interface LimitUse extends LimitNumbers {
  readonly name: string;
  /** Busiest first. */
  readonly keys: readonly KeyUse[];
}

export function limitsOf({ state }: Moment, now: number): LimitUse[] {
  return Array.from(state.limits ?? [], ([name, limit]) => {
    const { numbers } = limit;
    const running = runningByKey(state.tasks, name);
    const all = new Set<LimitKey>([...running.keys(), ...limit.keys.map(({ key }) => key)]);
    const uses = Array.from(all, (key) => {
      const record = limit.get(key);
      const { rate } = numbers;
      return {
        key,
        running: running.get(key) ?? 0,
        nextStart:
          rate === null || record === undefined
            ? 0
            : Math.max(0, opensAt(rate, now, record.starts) - now),
        pausedFor: Math.max(0, (record?.pausedUntil ?? 0) - now),
      };
    });
    uses.sort((a, b) => b.running - a.running || b.nextStart - a.nextStart);
    return { name, ...numbers, keys: uses };
  });
}

function runningByKey(tasks: Moment['state']['tasks'], limit: string): Map<LimitKey, number> {
  const running = new Map<LimitKey, number>();
  for (const { startedAt, endedAt, notes } of tasks) {
    const key = notes.keys?.[limit];
    if (key === undefined || startedAt === undefined || endedAt !== undefined) continue;
    running.set(key, (running.get(key) ?? 0) + 1);
  }
  return running;
}
