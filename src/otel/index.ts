/** Metrics and traces for OpenTelemetry: `xstate-taskpool/otel`. */

export { type InstrumentOptions, instrument } from './instrument.ts';
