/**
 * The options that each call takes, with their checks, and their names in other libraries where those are too
 * different to be suggested by similarity. Options of optional parts are declared with the part.
 */

import {
  checkCount,
  checkDuration,
  checkFinite,
  checkFlag,
  checkGrace,
  checkLimit,
  checkLogger,
  checkOneOf,
  checkPositive,
  checkPositiveLimit,
  checkSignal,
  checkString,
  checkText,
} from '../../kit/checks.ts';
import { OptionBag, type OptionTable } from '../../kit/option-bag.ts';
import { TASK_STATES } from '../../machines/charts.ts';
import type { SnapshotOptions, TaskFilter } from '../../machines/pool-snapshot.ts';
import { checkPoolLimits } from '../admission/limit-options.ts';
import type { AttemptOptions } from '../attempt/attempt-options.ts';
import { checkRetry } from '../attempt/check-retry.ts';
import { checkFunction } from './check-function.ts';
import type {
  ApplyOptions,
  DefaultOptions,
  GroupOptions,
  MapOptions,
  SubmitOptions,
} from './group-options.ts';
import {
  checkClock,
  checkInspector,
  checkJournal,
  checkKeepResults,
  checkRetain,
} from './option-checks.ts';
import type {
  FlushOptions,
  GatherOptions,
  OrderedOptions,
  PoolOptions,
  ResizeOptions,
  SubscribeOptions,
} from './pool-options.ts';

const RATES = ['rateLimit', 'limiter', 'interval', 'minTime', 'reservoir'] as const;
const CONCURRENCY = [
  'concurrency',
  'maxConcurrent',
  'limit',
  'parallel',
  'workers',
  'threads',
] as const;

export const CALLBACKS = {
  endCallback: [checkFunction, 'onEnd', 'onSettled'],
  cancelCallback: [checkFunction, 'onCancel', 'onAbort'],
} as const;

export const ATTEMPTS: OptionTable<AttemptOptions> = {
  timeout: [checkDuration, 'timeLimit', 'expiration'],
  waitTimeout: [checkDuration, 'queueTimeout'],
  deadline: [checkDuration, 'ttl'],
  retry: [checkRetry, 'retries', 'attempts', 'backoff'],
  maxInterruptions: [checkLimit],
};

const GROUP: OptionTable<GroupOptions> = {
  ...CALLBACKS,
  ...ATTEMPTS,
  groupName: [checkText],
  signal: [checkSignal],
  isCancellation: [checkFunction],
  priority: [checkFinite],
  onError: [checkOneOf('continue', 'stop', 'cancel'), 'failFast', 'bail'],
  keepResults: [checkKeepResults],
  limits: ['keys', ...RATES],
  lookahead: [checkLimit, 'highWaterMark'],
  passContext: [checkFlag],
  asyncContext: [checkFlag],
};

const NUM_CONCURRENT = [checkPositiveLimit, ...CONCURRENCY] as const;

export const applyOptions = new OptionBag<ApplyOptions>({
  ...GROUP,
  num: [checkCount, 'times', 'count'],
});
export const mapOptions = new OptionBag<MapOptions>({
  ...GROUP,
  prefetch: [checkCount, 'buffer'],
  numConcurrent: NUM_CONCURRENT,
});
const { onError: _onError, lookahead: _lookahead, ...SUBMIT } = GROUP;
export const submitOptions = new OptionBag<SubmitOptions>({
  ...SUBMIT,
  unique: [checkText, 'key', 'id', 'jobId', 'dedupe', 'deduplication'],
  onDuplicate: [checkOneOf('join', 'refuse', 'replace')],
});
const { groupName: _groupName, signal: _signal, passContext: _passContext, ...DEFAULTS } = GROUP;
const defaultOptions = new OptionBag<DefaultOptions>({
  ...DEFAULTS,
  numConcurrent: NUM_CONCURRENT,
});

export const POOL: OptionTable<PoolOptions> = {
  poolSize: [checkLimit, ...CONCURRENCY],
  name: [checkText],
  signal: [checkSignal],
  retain: [checkRetain],
  journal: [checkJournal, 'store'],
  // Checked by the part for stores, since it is refused without one.
  history: [],
  inspect: [checkInspector],
  actors: [checkOneOf('lazy', 'eager')],
  logger: [checkLogger],
  isCancellation: [checkFunction],
  maxQueued: [checkPositiveLimit, 'highWaterMark'],
  keepResults: [checkKeepResults],
  asyncContext: [checkFlag],
  defaults: [
    (name, value) => defaultOptions.check(name, value, `${name}.`),
    ...Object.keys(ATTEMPTS),
    'retries',
    'attempts',
    'priority',
  ],
  around: [checkFunction, 'middleware'],
  clock: [checkClock],
  limits: [checkPoolLimits, ...RATES],
  aging: [checkPositive],
  functions: ['handlers'],
  checkpoints: [],
};
/** The options of `new TaskPool()` and `TaskPool.scope()`. */
export const poolOptions = new OptionBag<PoolOptions>(POOL);

export const resizeOptions = new OptionBag<ResizeOptions>({ reason: [checkText] });
export const orderedOptions = new OptionBag<OrderedOptions>({
  buffer: [checkPositiveLimit, 'highWaterMark'],
});
export const subscribeOptions = new OptionBag<SubscribeOptions>({
  replay: [checkFlag, 'history'],
  signal: [checkSignal],
  once: [checkFlag],
});
const FLUSH: OptionTable<FlushOptions> = { returnExceptions: [checkFlag, 'stopOnError'] };
export const flushOptions = new OptionBag<FlushOptions>(FLUSH);
export const gatherOptions = new OptionBag<GatherOptions>({
  ...FLUSH,
  signal: [checkSignal],
  grace: [checkGrace],
});
const taskFilter = new OptionBag<TaskFilter>({
  state: [checkOneOf(...TASK_STATES)],
  group: [checkString],
  before: [checkLimit],
  last: [checkLimit, 'limit'],
});
export const snapshotOptions = new OptionBag<SnapshotOptions>({
  tasks: [
    (name, tasks) => {
      if (typeof tasks === 'object') taskFilter.check(`snapshot({ ${name} })`, tasks);
      else checkFlag(name, tasks);
    },
  ],
});
