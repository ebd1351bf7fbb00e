/** The nesting of states. */

import type { ChartState } from './chart.ts';

export interface Ancestry {
  /** The ids from the root down to the state itself; empty for an unknown id. */
  pathOf(id: string): readonly string[];
}

export function ancestryOf(states: readonly ChartState[]): Ancestry {
  const parents = new Map<string, string>();
  for (const { id, states: inside } of states) {
    for (const child of inside) parents.set(child.id, id);
  }
  const known = new Set(states.map(({ id }) => id));
  return {
    pathOf(id) {
      if (!known.has(id)) return [];
      const path = [id];
      for (let up = parents.get(id); up !== undefined; up = parents.get(up)) path.unshift(up);
      return path;
    },
  };
}
