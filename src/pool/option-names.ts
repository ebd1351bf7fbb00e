/**
 * Which options every call takes, and what other libraries call them where the names are nothing like
 * ours: names that are near, or part of one another, are found without a list.
 */

import { OptionBag, type OptionTable } from '../kit/option-bag.ts';
import type { SnapshotOptions, TaskFilter } from '../machines/pool-snapshot.ts';
import type {
  ApplyOptions,
  FlushOptions,
  GatherOptions,
  GroupOptions,
  MapOptions,
  PoolOptions,
  QueueOptions,
  SimplePoolOptions,
  SubscribeOptions,
  WaitOptions,
} from './options.ts';
import type { CheckpointOptions, CheckpointPlan } from './persistence/checkpoint-plan.ts';
import type { TaskContext } from './task-context.ts';

const CONCURRENCY = ['concurrency', 'limit', 'parallel', 'workers', 'threads'];

export const CALLBACKS = {
  endCallback: ['onEnd', 'onSettled'],
  cancelCallback: ['onCancel', 'onAbort'],
};

export const POOL: OptionTable<PoolOptions> = {
  poolSize: CONCURRENCY,
  name: [],
  signal: [],
  retain: [],
  journal: ['store'],
  history: [],
  inspect: [],
  actors: [],
  logger: [],
  isCancellation: [],
  maxQueued: ['highWaterMark'],
  asyncContext: [],
  around: ['middleware'],
  clock: [],
  aging: [],
  functions: ['handlers'],
  checkpoints: [],
};

const GROUP: OptionTable<GroupOptions> = {
  ...CALLBACKS,
  groupName: [],
  signal: [],
  isCancellation: [],
  priority: ['weight'],
  onError: ['failFast', 'bail'],
  passContext: [],
  asyncContext: [],
};

const CHECKPOINT: OptionTable<CheckpointOptions> = { prune: ['truncate'] };
const FLUSH: OptionTable<FlushOptions> = {
  returnExceptions: ['stopOnError'],
};

/** Of `new TaskPool()` and `TaskPool.scope()`. */
export const poolOptions = /*#__PURE__*/ new OptionBag<PoolOptions>(POOL);
export const simplePoolOptions = /*#__PURE__*/ new OptionBag<SimplePoolOptions>({
  ...POOL,
  ...CALLBACKS,
});
export const checkpointPlan = /*#__PURE__*/ new OptionBag<CheckpointPlan>({
  ...CHECKPOINT,
  every: ['interval'],
});
export const checkpointOptions = /*#__PURE__*/ new OptionBag<CheckpointOptions>(CHECKPOINT);
export const applyOptions = /*#__PURE__*/ new OptionBag<ApplyOptions>({
  ...GROUP,
  num: ['times', 'count'],
});
export const mapOptions = /*#__PURE__*/ new OptionBag<MapOptions>({
  ...GROUP,
  numConcurrent: CONCURRENCY,
});
export const subscribeOptions = /*#__PURE__*/ new OptionBag<SubscribeOptions>({
  replay: ['history'],
});
export const flushOptions = /*#__PURE__*/ new OptionBag<FlushOptions>(FLUSH);
export const gatherOptions = /*#__PURE__*/ new OptionBag<GatherOptions>({ ...FLUSH, signal: [] });
export const snapshotOptions = /*#__PURE__*/ new OptionBag<SnapshotOptions>({ tasks: [] });
export const taskFilter = /*#__PURE__*/ new OptionBag<TaskFilter>({
  state: [],
  group: [],
  before: [],
  last: ['limit'],
});
export const queueOptions = /*#__PURE__*/ new OptionBag<QueueOptions>({
  maxsize: ['limit', 'capacity'],
});
/** The context of a task will do as it stands: its other names are overlooked. */
export const waitOptions = /*#__PURE__*/ new OptionBag<WaitOptions & TaskContext>({
  signal: [],
  id: [],
  index: [],
  attempt: [],
  groupName: [],
  poolName: [],
  report: [],
  log: [],
});
