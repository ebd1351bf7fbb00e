/** The control interface: `xstate-taskpool/control`. */

export { CommandRefused, ConnectionFailed, ConnectionLost } from '../../control/client/errors.ts';
export type { Greeting } from '../../control/client/protocol.ts';
export type { ClientMethods, Method } from '../../control/client-methods.ts';
export type { Completion, RunnableFunction } from '../../control/command.ts';
export {
  AddressInUse,
  BadArguments,
  BadRequest,
  CommandNotFound,
  FunctionNotFound,
  LimitExceeded,
  NotAuthorized,
  PoolNotFound,
  ReadOnly,
  RequestAborted,
  UnsafeAddress,
} from '../../control/errors.ts';
export {
  type FunctionSource,
  functionSource,
  type ImportFunction,
} from '../../control/function-source.ts';
export { openSession } from '../../control/sessions/open-session.ts';
export { RequestCount } from '../../control/sessions/request-count.ts';
export type { Session, SessionOptions, SessionOutput } from '../../control/sessions/session.ts';
export { COMMANDS, type CommandKey, type Commands } from '../../control/table.ts';
export { type ConnectOptions, type ControlClient, connect } from './client/connect.ts';
export type { ConnectionOptions } from './client/connection.ts';
export type { Target, TCPTarget, UnixTarget } from './client/target.ts';
export type { ServerLimits } from './limits.ts';
export { ControlServer, type ControlServerOptions } from './server.ts';
export { type TCPAddress, TCPControlServer, type TCPControlServerOptions } from './tcp-server.ts';
export {
  type UnixAddress,
  UnixControlServer,
  type UnixControlServerOptions,
} from './unix-server.ts';
