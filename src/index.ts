export {
  AlreadyCancelled,
  AlreadyEnded,
  CannotTravel,
  ChartNotCompilable,
  DuplicateTask,
  FunctionNotRegistered,
  GaveUpWaiting,
  IllegalTransition,
  LimitNotFound,
  NoSuchRemoteFunction,
  NotAFunction,
  NotRecoverable,
  NotStorable,
  PoolIsClosed,
  PoolIsLocked,
  PoolSuspended,
  PoolTakenOver,
  QueueEmpty,
  QueueFull,
  ResultsNotRetained,
  SourceNotSeekable,
  StoreClosed,
  StoreCorrupt,
  StoreDriverMissing,
  StoreFull,
  StoreGap,
  StoreLocked,
  StorePruned,
  StoreRemoved,
  StoreUnreachable,
  TaskGroupAlreadyExists,
  TaskGroupNotFound,
  TaskInterrupted,
  TaskNotFound,
  TaskPoolError,
  TaskTimedOut,
  type UnfinishedTask,
  WorkerLost,
  WouldDeadlock,
  WrongWorkerVersion,
} from './errors.ts';
export { EVENT_TYPES } from './events/event-codes.ts';
export { EventJson } from './events/event-json.ts';
export type {
  ErrorData,
  EventEnvelope,
  EventFields,
  EventSubject,
  EventType,
  GroupMethod,
  Jitter,
  Json,
  LimitKey,
  LimitNumbers,
  OnError,
  Outcome,
  PoolEvent,
  PoolEventAbout,
  PoolEventOf,
  PoolKind,
  RateNumbers,
  Retain,
  RetryNumbers,
  SubmittedCall,
  TimeoutKind,
} from './events/events.ts';
export { EVENT_VERSION } from './events/events.ts';
export type { EventColumns } from './journal/columns.ts';
export {
  DEFAULT_JOURNAL_SIZE,
  EventHistory,
  type HistoryOptions,
} from './journal/event-history.ts';
export type {
  CheckpointInParts,
  EventStore,
  Prune,
  SeqRange,
  StandbyStore,
  StoreCheckpoint,
  TailOptions,
} from './journal/event-store.ts';
export { type LiveProjection, type ProjectOptions, project } from './journal/project.ts';
export {
  checkpointOf,
  type RebuiltPool,
  type ReplayOptions,
  rebuildFrom,
  rebuilding,
  replay,
} from './journal/replay.ts';
export { type EndsVisitor, visitEnds } from './journal/visit-ends.ts';
export type { CaptureOptions, PoolCapture } from './machines/capture.ts';
export type { PoolActor, PoolStatus, TaskActor, TaskState } from './machines/charts.ts';
export type {
  GroupCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from './machines/checkpoint.ts';
export {
  type CheckpointPart,
  JoinedCheckpoint,
  joinCheckpoint,
  splitCheckpoint,
} from './machines/checkpoint-parts.ts';
export type {
  GroupSnapshot,
  PoolSnapshot,
  SnapshotOptions,
  TaskFilter,
  TaskSnapshot,
} from './machines/pool-snapshot.ts';
export type { Projection } from './machines/projection.ts';
export type { PoolTotals, SourceStatus } from './machines/records.ts';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export type { LimitOptions, NoLimits, PoolLimits, Rate } from './pool/admission/limit-options.ts';
export type { KeyOf } from './pool/admission/terms.ts';
export type {
  AttemptOptions,
  FailedTask,
  RetryAttempt,
  RetryOptions,
  RetryWhen,
} from './pool/attempt/attempt-options.ts';
export type { StuckTask } from './pool/attempt/stuck.ts';
export { type AttemptEvent, type AttemptReader, attemptEnds } from './pool/attempt-ends.ts';
export { BasePool } from './pool/base-pool.ts';
export { beforeAttempts } from './pool/before-attempts.ts';
export { capture, type StoredEvents, storedEvents } from './pool/capture.ts';
export { explainState } from './pool/explain-state.ts';
export {
  isTaskContext,
  REMOTE,
  type Reattached,
  type RemoteBehaviour,
  type RemoteCall,
  type RemoteFunction,
} from './pool/functions/remote.ts';
export type { PoolIdentity, TaskContext } from './pool/functions/task-context.ts';
export type {
  AnyFunction,
  Awaitable,
  ContextOf,
  Items,
  PassContext,
  TaskFunction,
  TaskFunctions,
} from './pool/functions/task-types.ts';
export type {
  ApplyOptions,
  DefaultOptions,
  GroupOptions,
  IsCancellation,
  MapOptions,
  SubmitOptions,
  TaskCallback,
} from './pool/options/group-options.ts';
export type {
  EventHandler,
  FlushOptions,
  GatherOptions,
  Logger,
  Middleware,
  OrderedOptions,
  PoolOptions,
  QueueOptions,
  ResizeOptions,
  SimplePoolOptions,
  StuckOptions,
  SubscribeOptions,
  WaitOptions,
} from './pool/options/pool-options.ts';
export type { CheckpointOptions, CheckpointPlan } from './pool/persistence/checkpoint-plan.ts';
export type { Journaling, JournalStore } from './pool/persistence/journal.ts';
export { journaling } from './pool/persistence/journaling.ts';
export type { SuspendOptions } from './pool/persistence/suspend-options.ts';
export { PoolLimit } from './pool/pool-limit.ts';
export { type Lease, Queue } from './pool/queue.ts';
export type { TaskResult } from './pool/results/results.ts';
export { SimpleTaskPool } from './pool/simple-task-pool.ts';
export {
  type WaitingSubmission,
  type WaitingSubmissions,
  waitingSubmissions,
} from './pool/submissions/waiting-submissions.ts';
export { type Tail, type TailReader, tail } from './pool/tail.ts';
export { type GroupProgress, TaskGroup } from './pool/task-group.ts';
export { TaskHandle } from './pool/task-handle.ts';
export { TaskPool } from './pool/task-pool.ts';
export type { Clock } from './pool/turn/clock.ts';
export type { Explanation, WaitReason } from './pool/wait-reason.ts';
