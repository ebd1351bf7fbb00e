/** Assigns each transition to the region that draws it: the innermost one that contains both of its ends. */

import type { Ancestry } from './ancestry.ts';
import type { ChartState, ChartTransition } from './chart.ts';

/** A transition between two children of a state, or between states inside them. */
export interface InnerArc {
  readonly transition: ChartTransition;
  /** The ids of the children; `ID:in` and `ID:out` if the end is the surrounding state itself. */
  readonly from: string;
  readonly to: string;
  /** The actual ends inside these children. */
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
    // A transition from a state to itself is drawn where the state is a child.
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
