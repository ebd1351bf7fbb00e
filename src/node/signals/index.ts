/** What a pool needs of Node besides stores and control: `xstate-taskpool/node`. */

export { type CloseOnSignalOptions, closeOnSignal } from './close-on-signal.ts';
