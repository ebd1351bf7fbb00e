/**
 * For inspectors of `@statelyai/inspect`: `xstate-taskpool/inspect`.
 *
 * An inspector spends far more on an event than the pool does, and people have to read what it shows. So events
 * are filtered here, before the inspector gets them.
 */

export {
  type AcceptEventsOptions,
  type AcceptingInspector,
  acceptEvents,
} from './inspect/accept-events.ts';
export type { Inspect, Inspector } from './inspect/adapter.ts';
export {
  type InspectedTask,
  type InspectSample,
  type InspectSampleOptions,
  inspectSample,
  type UntilShownOptions,
} from './inspect/sample.ts';
