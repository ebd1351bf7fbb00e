/** The targets of a benchmark, and whether a run meets them. */
import type { Results } from './results.ts';

type Unit = '×' | '%' | 'MB' | 'ns' | 'µs' | 'ms' | 'µs per event';

export interface Target {
  readonly title: string;
  readonly section: string;
  readonly unit: Unit;
  /** Whether the limit is a minimum. Default: false, a maximum. */
  readonly atLeast?: boolean;
  /** The limit on this major version of Node. */
  limit(nodeMajor: number): number;
  /** The measured value; NaN if it was not measured. */
  value(results: Results, node: string): number;
}

export interface Verdict {
  readonly target: Target;
  readonly node: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

type Limit = number | ((nodeMajor: number) => number);

export function atMost(limit: Limit): Target['limit'] {
  return typeof limit === 'number' ? () => limit : limit;
}

export function ratio(
  title: string,
  section: string,
  one: string,
  other: string,
  limit: Limit,
): Target {
  return {
    title: `${title} ÷ ${other}`,
    section,
    unit: '×',
    limit: atMost(limit),
    value: (results, node) => results.ratio(node, section, one, other),
  };
}

export function absolute(
  title: string,
  section: string,
  unit: Unit,
  contender: string,
  limit: number,
): Target {
  return {
    title,
    section,
    unit,
    limit: atMost(limit),
    value: (results, node) => results.median(node, section, contender),
  };
}

export function spread(title: string, section: string, limit: number): Target {
  return {
    title,
    section,
    unit: '×',
    limit: atMost(limit),
    value: (results, node) => results.spread(node, section),
  };
}

/** The targets that were measured, one verdict for each Node. */
export function judge(results: Results, targets: readonly Target[]): Verdict[] {
  return targets.flatMap((target) =>
    results.nodes.flatMap((node) => {
      const value = target.value(results, node);
      if (Number.isNaN(value)) return [];
      const limit = target.limit(Number.parseInt(node.replace('Node ', ''), 10));
      const met = target.atLeast === true ? value >= limit : value <= limit;
      return [{ target, node, value, limit, met }];
    }),
  );
}
