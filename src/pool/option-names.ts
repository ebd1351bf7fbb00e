/** Which options every call takes, and what other libraries call them. */

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

export const SIGNAL = ['abortSignal', 'cancelSignal', 'cancellationToken', 'abort', 'token'];
const CONCURRENCY = [
  'concurrency',
  'limit',
  'maxConcurrency',
  'maxConcurrent',
  'concurrencyLimit',
  'parallel',
  'parallelism',
  'workers',
  'jobs',
  'threads',
];

export const CALLBACKS = {
  endCallback: ['onEnd', 'callback', 'onSettled', 'done', 'finally'],
  cancelCallback: ['onCancel', 'onCancelled', 'onAbort'],
};

export const POOL: OptionTable<PoolOptions> = {
  poolSize: [...CONCURRENCY, 'size', 'max', 'maxThreads', 'numConcurrent'],
  name: ['id', 'poolName', 'label', 'title'],
  signal: SIGNAL,
  retain: ['keep', 'retention'],
  journal: ['store', 'events', 'eventStore', 'log'],
  history: ['memory', 'recent'],
  inspect: ['inspector', 'observer'],
  actors: ['actor', 'eager', 'lazy'],
  logger: ['console'],
  isCancellation: ['isAbort', 'isCancelled', 'isCanceled'],
  maxQueued: ['queueSize', 'maxQueue', 'maxQueueSize', 'maxPending', 'highWaterMark'],
  asyncContext: ['asyncLocalStorage', 'asyncHooks', 'bindContext', 'als'],
  around: ['middleware', 'wrap', 'use', 'interceptor'],
  clock: ['timers', 'time', 'scheduler'],
  aging: ['age', 'agingMs', 'fairness'],
  functions: ['tasks', 'handlers', 'registry'],
  checkpoints: ['checkpoint', 'snapshots', 'snapshotEvery', 'checkpointEvery'],
};

const GROUP: OptionTable<GroupOptions> = {
  ...CALLBACKS,
  groupName: ['name', 'group', 'id', 'label', 'title'],
  signal: SIGNAL,
  isCancellation: POOL.isCancellation,
  priority: ['prio', 'weight', 'importance', 'urgency', 'rank'],
  onError: ['stopOnError', 'failFast', 'bail', 'onFailure'],
  passContext: ['context', 'withContext'],
  asyncContext: POOL.asyncContext,
};

const CHECKPOINT: OptionTable<CheckpointOptions> = { prune: ['truncate', 'delete'] };
const FLUSH: OptionTable<FlushOptions> = {
  returnExceptions: ['returnErrors', 'settled', 'throwErrors', 'stopOnError'],
};

/** Of `new TaskPool()` and `TaskPool.scope()`. */
export const poolOptions = new OptionBag<PoolOptions>(POOL);
export const simplePoolOptions = new OptionBag<SimplePoolOptions>({ ...POOL, ...CALLBACKS });
export const checkpointPlan = new OptionBag<CheckpointPlan>({
  ...CHECKPOINT,
  every: ['interval', 'events', 'after'],
});
export const checkpointOptions = new OptionBag<CheckpointOptions>(CHECKPOINT);
export const applyOptions = new OptionBag<ApplyOptions>({
  ...GROUP,
  num: ['count', 'times', 'n', 'number', 'repeat'],
});
export const mapOptions = new OptionBag<MapOptions>({
  ...GROUP,
  numConcurrent: [...CONCURRENCY, 'poolSize'],
});
export const subscribeOptions = new OptionBag<SubscribeOptions>({
  replay: ['history', 'past', 'fromStart', 'fromSeq', 'catchUp'],
});
export const flushOptions = new OptionBag<FlushOptions>(FLUSH);
export const gatherOptions = new OptionBag<GatherOptions>({ ...FLUSH, signal: SIGNAL });
export const snapshotOptions = new OptionBag<SnapshotOptions>({ tasks: ['filter', 'withTasks'] });
export const taskFilter = new OptionBag<TaskFilter>({
  state: ['status'],
  group: ['groupName'],
  before: ['beforeId', 'until'],
  last: ['limit', 'max', 'tail'],
});
export const queueOptions = new OptionBag<QueueOptions>({
  maxsize: ['size', 'max', 'limit', 'capacity', 'highWaterMark'],
});
/** The context of a task will do as it stands: its other names are overlooked. */
export const waitOptions = new OptionBag<WaitOptions & TaskContext>({
  signal: [...SIGNAL, 'timeout'],
  id: [],
  index: [],
  attempt: [],
  groupName: [],
  poolName: [],
  report: [],
  log: [],
});
