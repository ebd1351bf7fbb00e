/** Describes the progress of a run in words. */

import type { ItemCounts } from '../stopping/halt.ts';

/** The number of items by outcome. */
export interface RunCounts extends ItemCounts {
  /** Items aborted because the run stopped: they count as not done. */
  readonly aborted: number;
  /** The number of retries. */
  readonly retries: number;
  /** Failed items that wait for a retry. */
  readonly delayed: number;
  /** The number of items, if it is known. */
  readonly total: number | undefined;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

/** The progress of a run. */
export interface Standing extends RunCounts {
  readonly running: number;
  /** Whether the run ends early: no further items start. */
  readonly isStopping: boolean;
  /** Why no further items start for now, unless it is just that all slots are taken. */
  readonly heldBackBy: string | undefined;
  /** Items ended per second, over the last ten seconds. */
  readonly perSecond: number;
  /** The longest running items, with their running time in milliseconds. */
  readonly slowest: readonly { readonly item: string; readonly milliseconds: number }[];
}

const BAR = 24;
const LONG = 1000;

/**
 * For a terminal: a line of counts, and one for each item that takes long.
 *
 * @param width the available columns: the bar is left out if there is no room for it and the counts.
 */
export function liveLines(standing: Standing, width: number): string[] {
  const { total, slowest } = standing;
  const text = counts(standing).join('  ');
  const bar = total === undefined || total === 0 ? '' : `${barOf(doneOf(standing) / total)} `;
  const lines = [bar.length + text.length <= width ? `${bar}${text}` : text];
  for (const { item, milliseconds } of slowest) {
    if (milliseconds >= LONG) lines.push(`  ${durationOf(milliseconds).padStart(7)}  ${item}`);
  }
  return lines;
}

/** The counts as one plain line. */
export function plainLine(standing: Standing): string {
  return counts(standing).join(', ');
}

/** The final summary. */
export function summaryLine(tally: RunCounts): string {
  const { succeeded, failed, cancelled, aborted, retries, delayed, total, elapsed } = tally;
  const done = doneOf(tally);
  const parts = [
    `${done}${total === undefined || total === done ? '' : ` of ${total}`} done`,
    `${succeeded} succeeded`,
    `${failed} failed`,
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(aborted > 0 ? [`${aborted} aborted`] : []),
    ...(retries > 0 ? [retriesOf(retries)] : []),
    ...(delayed > 0 ? [`${delayed} to be retried`] : []),
  ];
  return `${parts.join(', ')}, in ${durationOf(elapsed)}`;
}

function counts(standing: Standing): string[] {
  const { failed, cancelled, running, retries, total, delayed, heldBackBy, perSecond } = standing;
  const done = doneOf(standing);
  const isPredictable = total !== undefined && perSecond > 0 && !standing.isStopping;
  const left = isPredictable ? (total - done) / perSecond : undefined;
  return [
    total === undefined ? `${done} done` : `${done} of ${total} done`,
    `${running} running`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(retries > 0 ? [retriesOf(retries)] : []),
    ...(delayed > 0 ? [`${delayed} to be retried`] : []),
    ...(standing.isStopping ? ['stopping'] : []),
    ...(heldBackBy === undefined ? [] : [heldBackBy]),
    `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`,
    left === undefined
      ? `after ${durationOf(standing.elapsed)}`
      : `${durationOf(left * 1000)} left`,
  ];
}

function retriesOf(count: number): string {
  return count === 1 ? '1 retry' : `${count} retries`;
}

/** Items that have ended, with any outcome. */
function doneOf({ succeeded, failed, cancelled }: ItemCounts): number {
  return succeeded + failed + cancelled;
}

function barOf(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`;
}

/** `40 ms`, `1.4 s`, `12 s`, `3:07`, `2:03:07`. */
export function durationOf(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${Math.round(milliseconds)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const twoDigits = (n: number) => String(n).padStart(2, '0');
  if (hours > 0) return `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}`;
  return `${minutes}:${twoDigits(rest)}`;
}
