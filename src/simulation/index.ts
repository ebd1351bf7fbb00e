/** Simulations of recorded work with other settings: `xstate-taskpool/simulate`. */

export type { GroupFigures, RunFigures, Waiting } from './figures.ts';
export {
  type RecordedEvents,
  type Simulation,
  simulate,
} from './simulate.ts';
export type { SimulateOptions } from './simulate-options.ts';
