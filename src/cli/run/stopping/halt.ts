/** `--halt`: stops the run after a number of failed or successful items. */

import { InvalidArgumentError } from 'commander';
import { ExitCode } from '../../exit.ts';
import { visible } from '../../visible.ts';
import type { Stop } from './stop.ts';

/** The number of items by outcome. */
export interface ItemCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

interface HaltCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly total: number | undefined;
}

/** A condition, and how to stop when it holds. */
export interface HaltRule {
  /** `soon` lets running items end, `now` aborts them. */
  readonly when: 'now' | 'soon';
  readonly why: 'fail' | 'success' | 'done';
  /** A number of items, or a percentage. */
  readonly limit: number;
  readonly isPercentage: boolean;
}

/** If the total is unknown, a percentage is meaningless before this many items have ended. */
const LEAST_FOR_SHARE = 20;

const SYNTAX = /^(?<when>now|soon),(?<why>fail|success|done)=(?<limit>\d+)(?<percent>%?)$/;

/** The numeric rules of early versions of GNU parallel, in today's form. */
const FORMER: Readonly<Record<string, string>> = {
  '0': 'never',
  '1': 'soon,fail=1',
  '2': 'now,fail=1',
  '-1': 'soon,success=1',
  '-2': 'now,success=1',
};

/** Parses `now,fail=1`, `soon,fail=10%` and the like; `never` is no rule. */
export function parseHalt(text: string): HaltRule | undefined {
  const rule = FORMER[text] ?? text.replace(/^\d+%$/, 'soon,fail=$&');
  if (rule === 'never') return undefined;
  const { when, why, limit, percent } = SYNTAX.exec(rule)?.groups ?? {};
  const isPercentage = percent === '%';
  if (limit === undefined || Number(limit) < 1 || (isPercentage && Number(limit) > 100)) {
    throw new InvalidArgumentError(
      `expected never, or now or soon with fail, success or done, such as soon,fail=3 or ` +
        `now,fail=10%, got ${visible(text)}`,
    );
  }
  return { when, why, limit: Number(limit), isPercentage } as HaltRule;
}

/** Stops a run when its rule applies. */
export class Halt {
  readonly #rule: HaltRule | undefined;
  readonly #stop: Stop;
  /** The counts of earlier processes. */
  readonly #before: ItemCounts;

  /**
   * @param before the counts of earlier processes, which are ignored.
   */
  constructor(rule: HaltRule | undefined, stop: Stop, before: ItemCounts) {
    this.#rule = rule;
    this.#stop = stop;
    this.#before = before;
  }

  /**
   * @param counts returns the counts, and the number of items if it is known.
   */
  check(counts: () => ItemCounts & { readonly total: number | undefined }): void {
    const rule = this.#rule;
    if (rule === undefined || this.#stop.isStopping) return;
    const { total, ...now } = counts();
    const succeeded = now.succeeded - this.#before.succeeded;
    const failed = failuresIn(now) - failuresIn(this.#before);
    if (!isReached(rule, { succeeded, failed, total })) return;
    const status = rule.why === 'success' ? ExitCode.fine : ExitCode.failed;
    const reason = { status, message: `halt ${describeHalt(rule)}` };
    if (rule.when === 'now') this.#stop.cancel(reason);
    else this.#stop.drain(reason);
  }
}

function failuresIn({ failed, cancelled }: ItemCounts): number {
  return failed + cancelled;
}

/** Whether the rule applies. */
function isReached({ why, limit, isPercentage }: HaltRule, tally: HaltCounts): boolean {
  const { succeeded, failed, total } = tally;
  const done = succeeded + failed;
  const count = { fail: failed, success: succeeded, done }[why];
  if (!isPercentage) return count >= limit;
  if (total === undefined && done < LEAST_FOR_SHARE) return false;
  return count * 100 >= limit * (total ?? done);
}

/** The rule as it was written. */
function describeHalt({ when, why, limit, isPercentage }: HaltRule): string {
  return `${when},${why}=${limit}${isPercentage ? '%' : ''}`;
}
