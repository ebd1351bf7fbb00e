/** What is known of a group or of a function beyond its record: outcomes and times. */

import type { GroupRecord } from '../../../machines/records.ts';
import { duration } from '../../ui/format.ts';
import type { Model } from '../data/model.ts';

export interface Figures {
  readonly fulfilled: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** How many tasks there will be, as far as that is known. */
  readonly total: number;
  /** Whether there may be more than that. */
  readonly isOpen: boolean;
  /** Milliseconds that half of its tasks, and 95 of 100, ran at the most. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

/** Of a group by its name, or of all groups of a function. */
export function figuresOf(model: Model, by: 'groups' | 'functions', name: string): Figures {
  const state = model.shown.value?.state;
  const groups = [...(state?.groups ?? [])].filter((group) =>
    by === 'groups' ? group.name === name : group.identity.kind.functionName === name,
  );
  const outcomes = outcomesOf(groups);
  const total = groups.reduce((sum, { created, numUnmade }) => sum + created + numUnmade, 0);
  const isOpen = groups.some(({ source, identity }) => {
    return source === 'open' && identity.kind.planned === undefined;
  });
  return { ...outcomes, total, isOpen, ...timesOf(model, by, name) };
}

/** Without statistics: of the tasks that are remembered. */
function outcomesOf(groups: readonly GroupRecord[]) {
  const outcomes = { fulfilled: 0, rejected: 0, cancelled: 0 };
  for (const group of groups) {
    for (const { outcome } of group.tasks) if (outcome !== undefined) outcomes[outcome]++;
  }
  return outcomes;
}

function timesOf(
  _model: Model,
  _by: 'groups' | 'functions',
  _name: string,
): Pick<Figures, 'p50' | 'p95'> {
  return { p50: undefined, p95: undefined };
}

export function timesText({ p50, p95 }: Figures): string {
  if (p50 === undefined || p95 === undefined) return '–';
  const [low, high] = [duration(p50), duration(p95)];
  const unit = high.replace(/^[\d.,]+ /, '');
  // `62 · 140 ms`: the unit once, if it is the same.
  return low.endsWith(` ${unit}`)
    ? `${low.slice(0, -unit.length - 1)} · ${high}`
    : `${low} · ${high}`;
}
