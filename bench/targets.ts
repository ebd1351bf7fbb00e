/** The targets for the speed of the library. */
import { absolute, atMost, ratio, spread, type Target } from './judge.ts';
import { PISCINA, THREADS } from './workloads/threads.ts';

const NONE = "retain: 'none'";

const BULLMQ = 'BullMQ, addBulk';

/** How much longer than with BullMQ alone the way back of a result may take, in milliseconds. */
function over(title: string, section: string, limit: number): Target {
  return {
    title: `${title}, over BullMQ's`,
    section,
    unit: 'ms',
    limit: atMost(limit),
    value: (results, node) => results.difference(node, section, 'pool', BULLMQ),
  };
}

export const targets: readonly Target[] = [
  // As times per call: 0.9 times the throughput, and half of it.
  ratio('cluster, 1,000 outstanding', 'cluster-1000', 'pool', BULLMQ, 1 / 0.9),
  ratio('cluster, 64 outstanding', 'cluster-64', 'pool', BULLMQ, 2),
  ratio('cluster, processor, 1,000 outstanding', 'cluster-cpu-1000', 'pool', BULLMQ, 1.5),
  ratio('cluster, processor, 64 outstanding', 'cluster-cpu-64', 'pool', BULLMQ, 1.5),
  over('cluster, end of a call, median', 'cluster-back-p50', 2),
  over('cluster, end of a call, 99 %', 'cluster-back-p99', 15),
  absolute('cluster, cancel to the signal, median', 'cluster-cancel-p50', 'ms', 'pool', 5),
  absolute('cluster, cancel to the signal, 99 %', 'cluster-cancel-p99', 'ms', 'pool', 25),
  ratio('W1 no-ops, results dropped', 'W1-dropped', NONE, 'p-map', 0.6),
  ratio('W1 no-ops, results dropped', 'W1-dropped', NONE, 'p-limit', 0.3),
  ratio('W1 no-ops, results dropped', 'W1-dropped', NONE, 'p-queue', 0.25),
  ratio('W1 no-ops, results awaited', 'W1-awaited', NONE, 'p-map', 0.75),
  ratio('W2 setImmediate, results dropped', 'W2-dropped', NONE, 'p-map', 0.95),
  ratio('W2 setImmediate, results awaited', 'W2-awaited', NONE, 'p-map', 1.1),
  ratio('W3 fs.promises.stat, results dropped', 'W3-dropped', NONE, 'p-map', 1),
  ratio('W3 fs.promises.stat, results awaited', 'W3-awaited', NONE, 'p-map', 1),
  ratio('W4 one promise per submission', 'W4-submit', 'submit', 'p-limit', 0.85),
  ratio('W4 one promise per submission', 'W4-submit', 'submit', 'p-queue', 0.65),
  ratio('W4 one promise per submission', 'W4-submit', 'submit', 'fastq', 1.1),
  ratio('W4 a closure per call', 'W4-submit', 'submit, a closure per call', 'p-limit', 1),
  ratio('W4 in any context', 'W4-submit', 'submit, asyncContext: false', 'p-limit', 0.6),
  ratio('W4 in any context', 'W4-submit', 'submit, asyncContext: false', 'p-queue', 0.5),
  ratio('W4 in any context', 'W4-submit', 'submit, asyncContext: false', 'fastq', 0.8),
  ratio('every actor materialised', 'eager', "actors: 'eager'", 'p-limit', (major) =>
    major < 24 ? 1.5 : 0.9,
  ),
  absolute('W5 peak memory, 100,000 items', 'W5-peak', 'MB', '100,000 items', 20),
  absolute('W5 peak memory, 1,000,000 items', 'W5-peak', 'MB', '1,000,000 items', 20),
  absolute('W5 peak memory, 10,000,000 items', 'W5-peak', 'MB', '10,000,000 items', 20),
  absolute('W6 stop(10) among 100,000 running', 'W6-stop', 'µs', '100,000 running', 50),
  // A few microseconds of tolerance for clock and cache; iterating over the tasks would take far longer.
  ratio('W6 stop(10) among 100,000', 'W6-stop', '100,000 running', '5,000 running', 2),
  {
    title: 'W6 cancelGroup, per task above its own unwinding',
    section: 'W6-cancel',
    unit: 'µs',
    limit: atMost(2),
    value: (results, node) =>
      results.difference(node, 'W6-cancel', 'cancelGroup', 'AbortControllers by hand'),
  },
  spread('W7 largest ÷ smallest, 1,000 to 1,000,000 tasks', 'W7-tasks', 1.2),
  spread('W7 largest ÷ smallest, 1 to 10,000 groups', 'W7-groups', 1.2),
  ratio('W8 random priorities', 'W8-priorities', 'random priorities', 'submit', 1.5),
  ratio('W8 random priorities', 'W8-priorities', 'random priorities', 'p-queue, priority', 0.1),
  ratio('W8 a time limit', 'W8-timeout', 'timeout', 'submit', 2),
  ratio('W8 a time limit', 'W8-timeout', 'timeout', 'p-queue', 0.2),
  ratio('W8 a key limit', 'W8-key', 'a key limit', 'submit', 1.5),
  ratio('W8 a key limit', 'W8-key', 'a key limit', 'a map of p-limits', 1),
  ratio('W8 one hot key of 10,000', 'W8-keys', 'limits by key', 'no limits', 2),
  ratio('W8 a rate that never binds, by map', 'W8-rate', 'map', 'p-queue, intervalCap', 0.5),
  ratio('W8 a rate that never binds', 'W8-rate', 'submit', 'p-queue, intervalCap', 0.5),
  ratio('W8 a rate that never binds', 'W8-rate', 'submit', 'bottleneck, reservoir', 0.3),
  // "Nothing", within the repeatability of such medians.
  ratio('W7 1 subscriber', 'W7-subscribers', '1 subscribers', '0 subscribers', 1.05),
  ratio('W7 10 subscribers', 'W7-subscribers', '10 subscribers', '0 subscribers', 1.05),
  ratio('a call in a thread', 'threads-call', THREADS, PISCINA, 1.15),
  absolute('a cancelled endless loop', 'threads-cancel', 'ms', THREADS, 20),
  absolute('statistics', 'observing-statistics', 'ns', 'statistics', 40),
  {
    title: 'OpenTelemetry: metrics, PoolMeter, per task',
    section: 'observing-otel',
    unit: 'µs',
    limit: atMost(1),
    value: (results, node) =>
      results.difference(node, 'observing-otel', 'metrics, PoolMeter', 'nothing'),
  },
  {
    title: 'OpenTelemetry: traces, per task',
    section: 'observing-otel',
    unit: 'µs',
    limit: atMost(6),
    value: (results, node) => results.difference(node, 'observing-otel', 'traces', 'nothing'),
  },
  {
    title: 'dashboard: one page, per event',
    section: 'dashboard-load',
    unit: 'µs',
    limit: atMost(3),
    value: (results, node) => results.difference(node, 'dashboard-load', '1 page', 'no server'),
  },
  absolute('dashboard: nobody attached', 'dashboard-idle', '%', 'nobody attached', 2),
  absolute('dashboard: a jump in time', 'dashboard-jump', 'ms', 'state --at', 50),
  absolute('control server ÷ none', 'control-idle', '×', 'nobody attached', 1.05),
  ratio(
    '50,000 events a second, nobody attached',
    'control-load',
    'nobody attached',
    'no server',
    1.05,
  ),
  ratio('W7 100 subscribers', 'W7-subscribers', '100 subscribers', '0 subscribers', 1.05),
];
