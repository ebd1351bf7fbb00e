/** The control client without Node, for browsers: `xstate-taskpool/control/client`. */

export {
  ControlLink,
  type ControlLinkOptions,
  type LinkStatus,
} from './control-link.ts';
export { CommandRefused, ConnectionLost } from './errors.ts';
export { type LineListener, type Lines, type OpenLines, webSocketLines } from './lines.ts';
export type { Greeting } from './protocol.ts';
export type { AnswerOf, ArgumentsOf } from './types.ts';
export type { WatchArguments } from './watch.ts';
