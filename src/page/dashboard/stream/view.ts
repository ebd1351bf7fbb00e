/** The part of time shown in the stream, and its conversion to positions. */

import { clock, duration } from '../../ui/format.ts';

/** A time span, in milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DEFAULT_LENGTH = 60_000;
const SHORTEST = 20;
const LONGEST = 7 * 24 * 3_600_000;

/** The user's choice: the most recent milliseconds, or a fixed span. */
export type View =
  | { readonly kind: 'last'; readonly length: number }
  | { readonly kind: 'fixed'; readonly span: Span };

export const LAST_MINUTE: View = { kind: 'last', length: DEFAULT_LENGTH };

/** Replace the last minute in a run that is younger, so that the stage is not empty. */
const FIRST_SECONDS: readonly (View & { readonly kind: 'last' })[] = [
  { kind: 'last', length: 5000 },
  { kind: 'last', length: 10_000 },
  { kind: 'last', length: 20_000 },
  { kind: 'last', length: 30_000 },
];

/** Adapts the default view to the age of the run, in milliseconds. */
export function fitted(view: View, age: number): View {
  if (view !== LAST_MINUTE && !FIRST_SECONDS.some((each) => each === view)) return view;
  return FIRST_SECONDS.find(({ length }) => age <= length) ?? LAST_MINUTE;
}

export function spanOf(view: View, now: number): Span {
  return view.kind === 'last' ? { from: now - view.length, to: now } : view.span;
}

/** Zooms around a position in the span, from 0 to 1, which stays in place. */
export function zoomed(view: View, now: number, factor: number, place: number): View {
  const { from, to } = spanOf(view, now);
  const length = Math.min(LONGEST, Math.max(SHORTEST, (to - from) * factor));
  // A view that follows the present keeps following it.
  if (view.kind === 'last' && (place > 0.9 || factor > 1)) return { kind: 'last', length };
  const fixed = from + (to - from) * place;
  return bounded({ from: fixed - length * place, to: fixed + length * (1 - place) }, now);
}

/** Pans by a share of its length. */
export function panned(view: View, now: number, part: number): View {
  const { from, to } = spanOf(view, now);
  const by = (to - from) * part;
  return bounded({ from: from + by, to: to + by }, now);
}

/** A span that reaches into the future follows the present instead. */
export function bounded(span: Span, now: number): View {
  if (span.to >= now) return { kind: 'last', length: span.to - span.from };
  return { kind: 'fixed', span };
}

/** Round times for the axis, as offsets from the end; limited in number. */
export function ticksOf({ from, to }: Span, most: number): number[] {
  const length = to - from;
  const least = length / Math.max(1, most);
  const step = STEPS.find((each) => each >= least) ?? Math.ceil(least / DAY) * DAY;
  const ticks: number[] = [];
  for (let back = 0; back <= length; back += step) ticks.push(back);
  return ticks;
}

/** The labels of ticks: how long ago they were, or the time of day where two of these would be the same. */
export function tickLabels({ to }: Span, ticks: readonly number[], now: number): string[] {
  const labels = ticks.map((back) => {
    const ago = now - to + back;
    return ago < 1 ? 'now' : `−${duration(ago)}`;
  });
  return new Set(labels).size === labels.length ? labels : ticks.map((back) => clock(to - back));
}

const DAY = 86_400_000;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  1_800_000,
  3_600_000,
  7_200_000,
  21_600_000,
  43_200_000,
  DAY,
];
