/** An inspector for any xstate program that works offline: `xstate-taskpool/inspector`. */

export { UnsafeAddress } from '../../control/errors.ts';
export { createInspectorPage, type InspectorPage } from './inspector-page.ts';
export { type InspectorAddress, InspectorServer } from './inspector-server.ts';
export type { InspectorServerOptions } from './options.ts';
