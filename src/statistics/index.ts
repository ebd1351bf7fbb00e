/** Statistics: `xstate-taskpool/statistics`. */

export { Histogram } from './histogram.ts';
