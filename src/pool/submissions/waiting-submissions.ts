/** Lists waiting submissions one by one; only bundled where it is imported. */

import { checkCount } from '../../kit/checks.ts';
import { isBefore } from '../../kit/ordered-line.ts';
import type { BasePool } from '../base-pool.ts';
import { checkPool } from '../check-pool.ts';
import type { Submission } from './submission.ts';
import { SubmissionGroup } from './submission-group.ts';

/** A call of `submit` that is no task yet. */
export interface WaitingSubmission {
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  /** Its option `unique`, if it was given. */
  readonly key?: string;
  /** Its own priority, or that of its group. */
  readonly priority: number;
  /** Whether it waits until another submission with its key has settled, not for a slot. */
  readonly isHeld: boolean;
}

/** The next waiting submissions of a group. */
export interface WaitingSubmissions {
  /** How many submissions wait in total. */
  readonly total: number;
  /** The next ones in the order in which they will start; held ones come last. */
  readonly submissions: readonly WaitingSubmission[];
}

/**
 * Lists the next waiting submissions of a group; other groups have none.
 *
 * @param limit how many to list at most, a positive integer. Default: 100.
 * @throws TaskGroupNotFound; TypeError unless `pool` is a pool; TypeError, RangeError for an invalid `limit`.
 */
export function waitingSubmissions(
  pool: BasePool,
  groupName: string,
  limit = 100,
): WaitingSubmissions {
  checkPool('pool', pool);
  checkCount('limit', limit, 1);
  const { name, priority } = pool.group(groupName);
  // A method of the pool would be in every bundle.
  const { door, submissions } = pool['core'];
  const group = door.state.groups.get(name);
  if (!(group instanceof SubmissionGroup)) return { total: 0, submissions: [] };
  const next: Ranked[] = [];
  for (const submission of group.submissions) {
    const { isHeld = false, arrival } = submission;
    const score = submissions.scoreOf(submission);
    insert(next, { submission, isHeld, score, arrival }, limit);
  }
  return {
    total: group.submissions.numWaiting,
    submissions: next.map(({ submission }) => shown(submission, priority)),
  };
}

/** A submission with its place among the waiting ones. */
interface Ranked {
  readonly submission: Submission;
  readonly isHeld: boolean;
  readonly score: number;
  readonly arrival: number;
}

/** Keeps the first `limit` of all offered ones, in order. */
function insert(next: Ranked[], offered: Ranked, limit: number): void {
  let place = next.length;
  while (place > 0 && isNext(offered, next[place - 1] as Ranked)) place--;
  if (place >= limit) return;
  next.splice(place, 0, offered);
  if (next.length > limit) next.pop();
}

function isNext(one: Ranked, other: Ranked): boolean {
  return one.isHeld === other.isHeld ? isBefore(one, other) : other.isHeld;
}

function shown(submission: Submission, groupPriority: number): WaitingSubmission {
  const { index, key, priority = groupPriority, isHeld = false } = submission;
  return { index, ...(key === undefined ? {} : { key }), priority, isHeld };
}
