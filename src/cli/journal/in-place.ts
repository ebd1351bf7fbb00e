/** Projections whose state is an object that changes in place. */

import type { PoolCheckpoint, PoolEvent, Projection } from '../../index.ts';

export function inPlace<S extends { apply(event: PoolEvent): void }>(
  initial: (from: PoolCheckpoint | undefined) => S,
): Projection<S> {
  return {
    initial,
    apply: (state, event) => {
      state.apply(event);
      return state;
    },
  };
}
