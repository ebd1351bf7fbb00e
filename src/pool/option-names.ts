/**
 * Which options every call takes, and what other libraries call them where the names are nothing like
 * ours: names that are near, or part of one another, are found without a list. What only one optional part takes is with that part.
 */

import { OptionBag, type OptionTable } from '../kit/option-bag.ts';
import type { SnapshotOptions, TaskFilter } from '../machines/pool-snapshot.ts';
import type { AttemptOptions } from './attempt/attempt-options.ts';
import type {
  ApplyOptions,
  DefaultOptions,
  GroupOptions,
  MapOptions,
  SubmitOptions,
} from './group-options.ts';
import type {
  FlushOptions,
  GatherOptions,
  OrderedOptions,
  PoolOptions,
  ResizeOptions,
  SubscribeOptions,
  SuspendOptions,
  WaitOptions,
} from './options.ts';
import type { CheckpointOptions } from './persistence/checkpoint-plan.ts';
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
  keepResults: ['storeResults'],
  asyncContext: [],
  defaults: [],
  around: ['middleware'],
  clock: [],
  limits: ['rate'],
  aging: [],
  functions: ['handlers'],
  checkpoints: [],
};

export const ATTEMPTS: OptionTable<AttemptOptions> = {
  timeout: ['timeLimit'],
  waitTimeout: ['queueTimeout'],
  deadline: ['ttl'],
  retry: ['attempts', 'backoff'],
  maxInterruptions: ['maxCrashes'],
};

const GROUP: OptionTable<GroupOptions> = {
  ...CALLBACKS,
  ...ATTEMPTS,
  groupName: [],
  signal: [],
  isCancellation: [],
  priority: ['weight'],
  onError: ['failFast', 'bail'],
  keepResults: ['storeResults'],
  limits: ['keys'],
  lookahead: ['highWaterMark'],
  passContext: [],
  asyncContext: [],
};

export const CHECKPOINT: OptionTable<CheckpointOptions> = { prune: ['truncate'] };
export const resizeOptions = new OptionBag<ResizeOptions>({ reason: ['why', 'cause'] });
const FLUSH: OptionTable<FlushOptions> = {
  returnExceptions: ['stopOnError'],
};

/** Of `new TaskPool()` and `TaskPool.scope()`. */
export const poolOptions = new OptionBag<PoolOptions>(POOL);
export const checkpointOptions = new OptionBag<CheckpointOptions>(CHECKPOINT);
export const applyOptions = new OptionBag<ApplyOptions>({
  ...GROUP,
  num: ['times', 'count'],
});
export const mapOptions = new OptionBag<MapOptions>({
  ...GROUP,
  prefetch: ['buffer'],
  numConcurrent: CONCURRENCY,
});
const { groupName: _groupName, signal: _signal, passContext: _passContext, ...DEFAULTS } = GROUP;
export const defaultOptions = new OptionBag<DefaultOptions>({
  ...DEFAULTS,
  numConcurrent: CONCURRENCY,
});
const { onError: _onError, ...SUBMIT } = GROUP;
export const suspendOptions = new OptionBag<SuspendOptions>({
  grace: [],
  signal: [],
  reason: [],
});
export const orderedOptions = new OptionBag<OrderedOptions>({ buffer: ['highWaterMark'] });

export const submitOptions = new OptionBag<SubmitOptions>({
  ...SUBMIT,
  unique: ['key', 'jobId', 'dedupe', 'deduplication', 'uniqueKey'],
  onDuplicate: ['ifDuplicate', 'onConflict', 'duplicates'],
});
export const subscribeOptions = new OptionBag<SubscribeOptions>({
  replay: ['history'],
  signal: [],
  once: [],
});
export const flushOptions = new OptionBag<FlushOptions>(FLUSH);
export const gatherOptions = new OptionBag<GatherOptions>({ ...FLUSH, signal: [], grace: [] });
export const snapshotOptions = new OptionBag<SnapshotOptions>({ tasks: [] });
export const taskFilter = new OptionBag<TaskFilter>({
  state: [],
  group: [],
  before: [],
  last: ['limit'],
});
/** What is on the prototype of a context: a bag has names of its own. */
type Inherited = 'placed' | 'untilStored' | 'pool' | 'isPassed';
/** The context of a task will do as it stands: its other names are overlooked. */
export const waitOptions = new OptionBag<WaitOptions & Omit<TaskContext, Inherited>>({
  signal: [],
  id: [],
  index: [],
  attempt: [],
  groupName: [],
  functionName: [],
  poolName: [],
  report: [],
  log: [],
});
