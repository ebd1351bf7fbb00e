/** Integration with Node apart from stores and control: `xstate-taskpool/node`. */

export { type AttemptMessage, publishDiagnostics } from './diagnostics.ts';
export { type CloseOnSignalOptions, closeOnSignal } from './signals/close-on-signal.ts';
