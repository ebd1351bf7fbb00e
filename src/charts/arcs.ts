/** Which region draws which transition: the innermost one that holds both of its ends. */

import type { Ancestry } from './ancestry.ts';
import type { ChartState, ChartTransition } from './chart.ts';

/** A transition between two children of a state, or something inside them. */
export interface InnerArc {
  readonly transition: ChartTransition;
  /** The children; `ID:in` and `ID:out` where it is the state around them that is meant. */
  readonly from: string;
  readonly to: string;
  /** What is meant in them. */
  readonly start: string;
  readonly end: string;
}

export function arcsWithin(
  state: ChartState,
  transitions: readonly ChartTransition[],
  ancestry: Ancestry,
): InnerArc[] {
  const depth = ancestry.pathOf(state.id).length;
  return transitions.flatMap((transition) => {
    const start = ancestry.pathOf(transition.from);
    const end = ancestry.pathOf(transition.to);
    // One from a state to itself is drawn where the state is a child.
    const isSelf = transition.from === transition.to;
    if (start[depth - 1] !== state.id || end[depth - 1] !== state.id) return [];
    const [from, to] = [start[depth], end[depth]];
    if (isSelf ? start.length !== depth + 1 : from === to) return [];
    return [
      {
        transition,
        from: from ?? `${state.id}:in`,
        to: to ?? `${state.id}:out`,
        start: transition.from,
        end: transition.to,
      },
    ];
  });
}
