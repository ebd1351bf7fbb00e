/** What failed, by the name of the error, and within that by the message. */

import type { Moment } from '../data/moment.ts';
import type { StatisticsAnswer } from '../data/statistics.ts';

/** Failures whose messages differ in numbers only. */
export interface FailureMessage {
  /** Of the last one. */
  readonly message: string;
  /** Whether that of another one has other numbers. */
  readonly isVaried: boolean;
  /** The remembered tasks, the last ones first. */
  readonly ids: readonly number[];
}

export interface Failure {
  readonly name: string;
  /** How many tasks were rejected with it. */
  readonly rejected: number;
  /** How many attempts failed with it and were followed by another one; undefined if not known. */
  readonly retried: number | undefined;
  readonly first: number;
  readonly last: number;
  /** The events that say so, as far as they are known. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  readonly messages: readonly FailureMessage[];
}

type Draft = { -readonly [K in keyof Omit<Failure, 'name' | 'messages'>]: Failure[K] } & {
  readonly messages: Map<string, { message: string; isVaried: boolean; ids: number[] }>;
};

/** Those that occur most often come first. */
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
  // What is no longer remembered was counted all the same.
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
    // A task that failed several times is named once.
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
