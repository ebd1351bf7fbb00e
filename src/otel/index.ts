/** Metrics and traces for OpenTelemetry: `xstate-taskpool/otel`. */

export { type InstrumentOptions, instrument } from './instrument.ts';
export { PoolMeter } from './pool-meter.ts';
export { type PropagationOptions, propagateTraces } from './propagate.ts';
