/** Inspectors that users add to the actor system of a pool. */

import type { InspectionEvent, Observer } from 'xstate';
import { attempt, isThenable } from '../../kit/promises.ts';
import type { Logger } from '../options/pool-options.ts';

/** An inspector of the actor system. */
export type Inspector = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** Logs errors of an inspector, which would otherwise be thrown in the middle of a transition. */
export function guarded(inspector: Inspector, logger: Logger): Observer<InspectionEvent> {
  const see = typeof inspector === 'function' ? inspector : inspector.next?.bind(inspector);
  const log = (type: string, error: unknown) =>
    logger.error(`an inspector threw at ${type}`, error);
  return {
    next: (event) => {
      const { type } = event;
      try {
        const answer: unknown = see?.(event);
        if (isThenable(answer)) void attempt(() => answer, log.bind(undefined, type));
      } catch (error) {
        log(type, error);
      }
    },
  };
}
