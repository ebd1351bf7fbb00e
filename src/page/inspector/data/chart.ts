/** Draws the chart of a machine from the config sent by the program. */

import { type Chart, statesOf } from '../../../charts/chart.ts';
import { readConfig } from '../../../charts/config.ts';
import type { Drawing } from '../../../charts/drawing.ts';
import { layOut } from '../../../charts/layout.ts';
import { count, plural } from '../../ui/format.ts';

/** Limits of charts: larger ones would block the page for more than a second, and be unreadable. */
const MOST_STATES = 1000;
const MOST_ARCS = 4000;

export interface DrawnChart {
  readonly chart: Chart;
  readonly drawing: Drawing;
  /** A sentence about missing parts; undefined if it is complete. */
  readonly flaw: string | undefined;
}

/** A chart; or the reason why there is none; or undefined for an actor without a machine. */
export type ReadChart = DrawnChart | string | undefined;

/** Cached, since many actors have the same machine. */
const cache = new Map<string, ReadChart>();
const MAX_CACHED = 100;

export function chartOf(definition: string | undefined): ReadChart {
  if (definition === undefined) return undefined;
  if (cache.has(definition)) return cache.get(definition);
  const [oldest] = cache.keys();
  if (cache.size >= MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  const chart = draw(definition);
  cache.set(definition, chart);
  return chart;
}

function draw(definition: string): ReadChart {
  try {
    const config = JSON.parse(definition) as { readonly states?: object } | null;
    if (Object.keys(Object(config?.states)).length === 0) return undefined;
    const { chart, isCut, missing } = readConfig(config);
    const [numStates, numArcs] = [statesOf(chart).length, chart.transitions.length];
    if (numStates > MOST_STATES || numArcs > MOST_ARCS) {
      return `it has ${plural(numStates, 'state')} and ${plural(numArcs, 'transition')}, and up to ${count(MOST_STATES)} and ${count(MOST_ARCS)} are laid out.`;
    }
    return { chart, drawing: layOut(chart, { proportion: 1.7 }), flaw: flawOf(isCut, missing) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function flawOf(isCut: boolean, missing: readonly string[]): string | undefined {
  if (isCut) {
    return 'The program has cut deeper levels: { serializationDepthLimit: 50 } of its inspector shows them.';
  }
  const [first] = missing;
  if (first === undefined) return undefined;
  const more = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
  return `There is no state for the target ${first}${more}.`;
}
