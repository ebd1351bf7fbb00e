/** Whatever is given in place of an option is refused at the call, in one line that says what was expected. */

import { describe, expect, test } from 'vitest';
import { capture, MemoryStore, Queue, replay, TaskPool } from 'xstate-taskpool';
import { aimd, autosize } from 'xstate-taskpool/autosize';
import { connect, TCPControlServer, UnixControlServer } from 'xstate-taskpool/control';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { inspectSample } from 'xstate-taskpool/inspect';
import { InspectorServer } from 'xstate-taskpool/inspector';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { recoverTaskPool, standBy } from 'xstate-taskpool/recovery';
import { metrics, statistics } from 'xstate-taskpool/statistics';
import { isObject } from '../../src/kit/realms.ts';
import { move, threads } from '../../src/threads/index.ts';
import { taskPool } from '../support/pools.ts';

const throws = (): never => {
  throw new Error('mine');
};
function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Nothing that any of the options below may be. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['a symbol', Symbol('s')],
  ['an object without a prototype', Object.create(null)],
  ['an object that cannot be made a text', { toString: throws, [Symbol.toPrimitive]: throws }],
  [
    'an object whose class cannot be read',
    Object.defineProperty({}, 'constructor', { get: throws }),
  ],
  ['a proxy that was revoked', revoked({})],
  [
    'a proxy whose traps throw',
    new Proxy({}, { get: throws, has: throws, getPrototypeOf: throws }),
  ],
  ['null', null],
  ['a number that is none', Number.NaN],
  ['a bigint', 1n],
  ['a text that is long and not one line', `\u001b[31m\n\u202e${'x'.repeat(100_000)}`],
];

type Call = (value: never) => unknown;
const none = '/nowhere/at/all';
const WORK = { functions: { String } };
const STORED = { ...WORK, journal: new MemoryStore() };
const journal = new MemoryStore();
const standby = Object.assign(journal, { takeOver: async () => journal });
/** By what they are called: calls with a value in place of one of their options, or of an argument. */
const CALLS: Record<string, Call> = {
  'durability of JsonlStore': (durability) => JsonlStore.open(none, { durability }),
  'readonly of JsonlStore': (readonly) => JsonlStore.open(none, { readonly }),
  'segmentBytes of JsonlStore': (segmentBytes) => JsonlStore.open(none, { segmentBytes }),
  'durability of SqliteStore': (durability) => SqliteStore.open(none, { durability }),
  'readonly of SqliteStore': (readonly) => SqliteStore.open(none, { readonly }),
  'driver of SqliteStore': (driver) => SqliteStore.open(none, { driver }),
  'readonly of RedisStore': (readonly) => RedisStore.open('name', { readonly }),
  'maxOutage of RedisStore': (maxOutage) => RedisStore.open('name', { maxOutage }),
  'lockTime of RedisStore': (lockTime) => RedisStore.open('name', { lockTime }),
  'bytes of MemoryStore': (bytes) => new MemoryStore({ bytes }),
  'fromSeq of read()': (fromSeq) => new MemoryStore().read({ fromSeq }).next(),
  'toSeq of read()': (toSeq) => new MemoryStore().read({ toSeq }).next(),
  'fromSeq of tail()': (fromSeq) => new MemoryStore().tail({ fromSeq }).next(),
  'signal of tail()': (signal) => new MemoryStore().tail({ signal }).next(),
  'events of replay()': (events) => replay(events),
  'min of threads()': (min) => threads('file:///work.js', { min }),
  'max of threads()': (max) => threads('file:///work.js', { max }),
  'grace of threads()': (grace) => threads('file:///work.js', { grace }),
  'errors of threads()': (errors) => threads('file:///work.js', { errors }),
  'what move() moves': (value) => move(value),
  'max of autosize()': (max) => autosize(taskPool(), { max, policy: aimd({ maxLatency: 5 }) }),
  'policy of autosize()': (policy) => autosize(taskPool(), { max: 2, policy }),
  'port of TCPControlServer': (port) => new TCPControlServer(taskPool(), { port }),
  'host of TCPControlServer': (host) => new TCPControlServer(taskPool(), { port: 0, host }),
  'a limit of TCPControlServer': (maxRequests) =>
    new TCPControlServer(taskPool(), { port: 0, limits: { maxRequests } }),
  'mode of UnixControlServer': (mode) => new UnixControlServer(taskPool(), { path: none, mode }),
  'port of connect()': (port) => connect({ port }),
  'timeout of connect()': (timeout) => connect({ port: 1, timeout }),
  'port of DashboardServer': (port) => new DashboardServer(taskPool(), { port }),
  'importFrom of TCPControlServer': (importFrom) =>
    new TCPControlServer(taskPool(), { port: 0, importFrom }),
  'logger of TCPControlServer': (logger) => new TCPControlServer(taskPool(), { port: 0, logger }),
  'pools of TCPControlServer': (pools) => new TCPControlServer(taskPool(), { port: 0, pools }),
  'limits of UnixControlServer': (limits) =>
    new UnixControlServer(taskPool(), { path: none, limits }),
  'importFrom of DashboardServer': (importFrom) => new DashboardServer(taskPool(), { importFrom }),
  'logger of InspectorServer': (logger) => new InspectorServer({ logger }),
  'terminalWidth of connect()': (terminalWidth) => connect({ port: 1, terminalWidth }),
  'env of threads()': (env) => threads('file:///work.js', { env }),
  'execArgv of threads()': (execArgv) => threads('file:///work.js', { execArgv }),
  'resourceLimits of threads()': (resourceLimits) => threads('file:///work.js', { resourceLimits }),
  'filter of inspectSample()': (filter) => inspectSample(() => {}, { filter }),
  'ready of inspectSample()': (ready) => inspectSample(() => {}, { ready }),
  'signal of untilShown()': (signal) => inspectSample(() => {}).untilShown({ signal }),
  'ended of capture()': (ended) => capture(taskPool(), { ended }),
  'pools of metrics()': (pools) => metrics(pools),
  'groups of metrics()': (groups) => metrics([], { groups }),
  'groups of statistics()': (groups) => statistics({ groups }),
  'prune of checkpoints': (prune) => taskPool({ ...STORED, checkpoints: { every: 5, prune } }),
  'groups of recoverTaskPool()': (groups) => recoverTaskPool(journal, { ...WORK, groups }),
  'sources of recoverTaskPool()': (sources) => recoverTaskPool(journal, { ...WORK, sources }),
  'functions of standBy()': (functions) => standBy(standby, { functions }),
  'checkpoints of standBy()': (checkpoints) => standBy(standby, { ...WORK, checkpoints }),
  'maxsize of Queue': (maxsize) => new Queue({ maxsize }),
  'poolSize of TaskPool': (poolSize) => new TaskPool({ poolSize }),
  'signal of TaskPool': (signal) => new TaskPool({ signal }),
  'journal of TaskPool': (journal) => new TaskPool({ journal }),
  'the items of map()': (items) => taskPool().map(String, items),
  'the body of scope()': (body) => TaskPool.scope({}, body),
};

/** These take texts. */
const TEXTS = ['the items of map()', 'host of TCPControlServer'];
/** These take objects, whose properties are looked at. */
const OBJECTS = [
  'limits of UnixControlServer',
  'env of threads()',
  'resourceLimits of threads()',
  'groups of recoverTaskPool()',
  'sources of recoverTaskPool()',
  'functions of standBy()',
  'checkpoints of standBy()',
];

function mayTake(name: string, value: unknown): boolean {
  if (typeof value === 'string') return TEXTS.includes(name);
  return isObject(value) && OBJECTS.includes(name);
}

describe.each(Object.entries(CALLS))('%s', (name, call) => {
  const values = VALUES.filter(([, value]) => !mayTake(name, value));
  test.each(values)('is not %s', async (_, value) => {
    const error = await Promise.resolve()
      .then(() => call(value as never))
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(/^expected /);
    expect(message).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]*$/u);
    expect(message.length).toBeLessThan(500);
  });
});
