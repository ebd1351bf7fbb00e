/** A size policy based on the load of the process and its machine, like the autoscaled pool of Crawlee. */

import { cpus, totalmem } from 'node:os';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { checkShare } from '../../autosize/check-share.ts';
import {
  clamp,
  type Decide,
  isUsed,
  type SizePolicy,
  type SizeSample,
  type SystemLoad,
} from '../../autosize/policy.ts';
import { OptionBag } from '../../kit/option-bag.ts';

/** Options of {@link system}: maximum loads, as shares from 0 to 1. */
export interface SystemOptions {
  /** The maximum utilization of the event loop. Default: 0.9. */
  readonly maxEventLoop?: number;
  /** The maximum share of the memory of the machine, or its container, that the process may use. Default: 0.7. */
  readonly maxMemory?: number;
  /** The maximum utilization of all processors together. Default: 0.95. */
  readonly maxCpu?: number;
  /** The share of the size by which the pool grows or shrinks, at least one task. Default: 0.05. */
  readonly step?: number;
}

const OPTIONS = new OptionBag<SystemOptions>({
  maxEventLoop: ['maxEventLoopUtilization', 'maxLag'],
  maxMemory: ['maxUsedMemoryRatio'],
  maxCpu: ['maxUsedCpuRatio', 'maxProcessor'],
  step: ['increase', 'decrease'],
});

/**
 * A policy for tasks that are work for this process: grows the pool while its slots are used and no maximum is
 * reached, and shrinks it while one is.
 *
 * @throws TypeError, RangeError for invalid options.
 */
export function system(options: SystemOptions = {}): SizePolicy {
  OPTIONS.check('system()', options);
  const { maxEventLoop = 0.9, maxMemory = 0.7, maxCpu = 0.95, step = 0.05 } = options;
  const most: SystemLoad = { eventLoop: maxEventLoop, memory: maxMemory, cpu: maxCpu };
  checkShare('maxEventLoop', maxEventLoop);
  checkShare('maxMemory', maxMemory);
  checkShare('maxCpu', maxCpu);
  checkShare('step', step);

  const decideFrom =
    (known: number | undefined): Decide =>
    (sample) => {
      const size = clamp(known ?? sample.size, sample.min, sample.max);
      const { change, reason } = judge(size, sample, most);
      const next = size + change * Math.max(1, Math.floor(size * step));
      return { size: next, reason, next: decideFrom(clamp(next, sample.min, sample.max)) };
    };

  return { decide: decideFrom(undefined), readLoad: loadReader() };
}

const NAMES = { eventLoop: 'event loop', memory: 'memory', cpu: 'processors' } as const;

function judge(size: number, sample: SizeSample, most: SystemLoad) {
  const { load } = sample;
  if (load === undefined) return { change: 0, reason: 'the load is not known' };
  for (const what of ['eventLoop', 'memory', 'cpu'] as const) {
    if (load[what] <= most[what]) continue;
    return { change: -1, reason: `${NAMES[what]} at ${Math.round(100 * load[what])} %` };
  }
  if (!isUsed(size, sample)) return { change: 0, reason: 'the size is not used' };
  return { change: 1, reason: 'the machine has room' };
}

/** Measures the load since the previous call. */
function loadReader(): () => SystemLoad {
  let loop: EventLoopUtilization = performance.eventLoopUtilization();
  let times = processorTimes();
  const memory = memoryLimit();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, loop);
    const latest = processorTimes();
    const [busy, all] = [latest.busy - times.busy, latest.all - times.all];
    loop = now;
    times = latest;
    return {
      eventLoop: utilization,
      memory: process.memoryUsage.rss() / memory,
      cpu: all === 0 ? 0 : busy / all,
    };
  };
}

/** In bytes: the limit of the container, if there is one. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** In milliseconds since the machine was started. */
function processorTimes(): { readonly busy: number; readonly all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.irq + times.idle;
    all += total;
    busy += total - times.idle;
  }
  return { busy, all };
}
