/** The dashboard: `xstate-taskpool/dashboard`. */

export { UnsafeAddress } from '../../control/errors.ts';
export type { ServerLimits } from '../control/limits.ts';
export { DashboardServer, type PageAddress } from './dashboard-server.ts';
export type { DashboardServerOptions, Served } from './options.ts';
