/** The size policy that needs Node: `xstate-taskpool/autosize/system`. */

export { type SystemOptions, system } from './system.ts';
