/** Failed tasks by their errors. */

import type { Moment } from '../data/moment.ts';

export interface Failure {
  readonly key: string;
  readonly name: string;
  /** Of the last one. */
  readonly message: string;
  /** The tasks, the last ones first. */
  readonly ids: readonly number[];
  readonly first: number;
  readonly last: number;
}

/** Those that occur most often come first. */
export function failuresOf({ state }: Moment): Failure[] {
  const failures = new Map<
    string,
    { -readonly [K in keyof Failure]: Failure[K] } & { ids: number[] }
  >();
  for (const { id, outcome, notes, endedAt = 0 } of state.tasks.backwards()) {
    if (outcome !== 'rejected') continue;
    const { name, message } = notes.error ?? { name: 'Error', message: 'not known' };
    const key = `${name}: ${withoutNumbers(message)}`;
    const known = failures.get(key);
    if (known === undefined) {
      failures.set(key, { key, name, message, ids: [id], first: endedAt, last: endedAt });
    } else {
      known.ids.push(id);
      known.first = Math.min(known.first, endedAt);
      known.last = Math.max(known.last, endedAt);
    }
  }
  return [...failures.values()].sort((a, b) => b.ids.length - a.ids.length);
}

/** Messages that differ in numbers only are one failure. */
function withoutNumbers(message: string): string {
  return message.replaceAll(/\d+/g, '#');
}
