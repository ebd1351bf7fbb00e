/** Groups failures by the name of the error, and then by message. */

import type { Moment } from '../data/moment.ts';
import type { StatisticsAnswer } from '../data/statistics.ts';

/** Failures whose messages differ in numbers only. */
export interface FailureMessage {
  /** The message of the latest one. */
  readonly message: string;
  /** Whether other messages of this kind contain other numbers. */
  readonly isVaried: boolean;
  /** The remembered tasks, latest first. */
  readonly ids: readonly number[];
}

export interface Failure {
  readonly name: string;
  /** The number of tasks rejected with it. */
  readonly rejected: number;
  /** The number of attempts that failed with it and were retried; undefined if it is unknown. */
  readonly retried: number | undefined;
  readonly first: number;
  readonly last: number;
  /** The `seq` of the first and the latest failure; `null` if it is unknown. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  readonly messages: readonly FailureMessage[];
}

type Draft = { -readonly [K in keyof Omit<Failure, 'name' | 'messages'>]: Failure[K] } & {
  readonly messages: Map<string, { message: string; isVaried: boolean; ids: number[] }>;
};

/** Sorted by frequency. */
export function failuresOf({ state }: Moment, counted: StatisticsAnswer['failures']): Failure[] {
  const drafts = new Map<string, Draft>();
  for (const { id, outcome, notes, endedAt = 0 } of state.tasks.backwards()) {
    if (outcome !== 'rejected') continue;
    const { name, message } = notes.error ?? { name: 'Error', message: 'not known' };
    const draft = draftOf(drafts, name, endedAt);
    draft.rejected++;
    draft.first = Math.min(draft.first, endedAt);
    draft.last = Math.max(draft.last, endedAt);
    const pattern = message.replaceAll(/\d+/g, '#');
    const known = draft.messages.get(pattern);
    if (known === undefined) draft.messages.set(pattern, { message, isVaried: false, ids: [id] });
    else {
      known.ids.push(id);
      known.isVaried ||= message !== known.message;
    }
  }
  // Statistics also include tasks that are not remembered any more.
  for (const count of counted) {
    const { name, rejected, retried, firstAt, lastAt, firstSeq, lastSeq, message, tasks } = count;
    const draft = draftOf(drafts, name, firstAt);
    draft.rejected = Math.max(draft.rejected, rejected);
    draft.retried = retried;
    draft.first = Math.min(draft.first, firstAt);
    draft.last = Math.max(draft.last, lastAt);
    draft.firstSeq = firstSeq;
    draft.lastSeq = lastSeq;
    if (draft.messages.size > 0) continue;
    // A task that failed several times is listed once.
    const ids = [...new Set(tasks.map(({ id }) => id))].reverse();
    draft.messages.set(message, { message, isVaried: false, ids });
  }
  const failures = Array.from(drafts, ([name, { messages, ...rest }]) => ({
    name,
    ...rest,
    messages: [...messages.values()].sort((a, b) => b.ids.length - a.ids.length),
  }));
  return failures.sort((a, b) => b.rejected - a.rejected);
}

function draftOf(drafts: Map<string, Draft>, name: string, at: number): Draft {
  let draft = drafts.get(name);
  if (draft === undefined) {
    const unknown = { retried: undefined, firstSeq: null, lastSeq: null };
    draft = { ...unknown, rejected: 0, first: at, last: at, messages: new Map() };
    drafts.set(name, draft);
  }
  return draft;
}
