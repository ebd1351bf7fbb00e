/** Recovery after a crash: `xstate-taskpool/recovery`. */

export type { RecoveredAttemptOptions } from './pool/attempt/attempt-options.ts';
export { recoverSimpleTaskPool, recoverTaskPool } from './pool/recovery/recover-pools.ts';
export type {
  OnInterrupted,
  RecoveredGroupOptions,
  RecoveryOptions,
  RecoverySource,
  Seekable,
  SimpleRecoveryOptions,
} from './pool/recovery/recovery-options.ts';
export { type StandByOptions, standBy, type TakenOver } from './pool/recovery/stand-by.ts';
