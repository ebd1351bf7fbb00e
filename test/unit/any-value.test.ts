import { describe, expect, test } from 'vitest';
import { MemoryStore, TaskPool } from 'xstate-taskpool';
import { aimd, autosize, gradient, smallest } from 'xstate-taskpool/autosize';
import { closeOnSignal } from 'xstate-taskpool/node';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { simulate } from 'xstate-taskpool/simulate';
import { given, SimulatedClock } from 'xstate-taskpool/testing';

/** Anything that a program without types may pass, by what it is called in the table below. */
const VALUES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  NaN: Number.NaN,
  '-1': -1,
  1.5: 1.5,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  "'5'": '5',
  "''": '',
  symbol: Symbol('s'),
  bigint: 5n,
  true: true,
  function: () => 1,
  object: {},
  array: [],
  bare: Object.create(null),
  proxy: new Proxy({}, {}),
};

const OBJECTS = ['object', 'array', 'bare', 'proxy'];
const BOOLEAN = ['undefined', 'true'];
const DURATION = ['undefined', 'Infinity', '1.5'];
const OPTIONAL_TEXT = ['undefined', "'5'"];
const FUNCTION = ['undefined', 'function'];
const NOTHING = ['undefined'];

type Loose = Record<string, (...args: unknown[]) => unknown>;
type Accepts = readonly string[];
type Row = readonly [what: string, call: (value: unknown) => unknown, accepts: Accepts];

const fn = () => 1;
const logger = { info() {}, error() {} };
const pool = (options: object = {}) =>
  new TaskPool({ poolSize: 0, logger, clock: new SimulatedClock(), ...options });
const loose = (options?: object) => pool(options) as unknown as Loose;
const limits = { host: { concurrent: 1 } };
const host = () =>
  pool({ limits }).limits['host' as never] as { concurrent: unknown; rate: unknown };
const group = () => pool().map(fn, [1]);
const policy = aimd();
const { signal } = new AbortController();

/** One row for each option of a call. */
function options(
  what: string,
  call: (options: object) => unknown,
  accepts: Readonly<Record<string, Accepts>>,
): Row[] {
  return Object.entries(accepts).map(([name, values]) => [
    `${what} ${name}`,
    (value) => call({ [name]: value }),
    values,
  ]);
}

const ATTEMPT = {
  timeout: DURATION,
  waitTimeout: DURATION,
  deadline: DURATION,
  retry: ['undefined', 'Infinity'],
  maxInterruptions: ['undefined', 'Infinity'],
};
const POLICY = {
  ...ATTEMPT,
  isCancellation: FUNCTION,
  priority: ['undefined', '-1', '1.5'],
  keepResults: BOOLEAN,
  limits: ['undefined', ...OBJECTS],
  asyncContext: BOOLEAN,
  endCallback: FUNCTION,
  cancelCallback: FUNCTION,
};
const LOOKAHEAD = { lookahead: ['undefined', 'Infinity'] };
const GROUP = { ...POLICY, groupName: OPTIONAL_TEXT, signal: NOTHING, passContext: BOOLEAN };
const KEY = ['-1', '1.5', "'5'", "''", 'true'];

const rows: Row[] = [
  ['group()', (value) => loose()['group']!(value), []],
  ['getGroupIds()', (value) => loose()['getGroupIds']!(value), []],
  ['cancelGroup()', (value) => loose()['cancelGroup']!(value), []],
  ['task()', (value) => loose()['task']!(value), []],
  ['cancel([])', (value) => loose()['cancel']!([value]), []],
  ['explain()', (value) => loose()['explain']!(value), []],
  ['setPriority()', (value) => loose()['setPriority']!(value, 1), []],
  ['on()', (value) => loose()['on']!(value, fn), []],
  ['map() over', (value) => loose()['map']!(fn, value), ["'5'", "''", 'array']],
  ['map() with', (value) => loose()['map']!(fn, [], value), ['undefined', ...OBJECTS]],
  ['submit() of', (value) => loose()['submit']!(value), ['function']],
  ['submit() with', (value) => loose()['submit']!(fn, [], value), ['undefined', ...OBJECTS]],
  ['resize()', (value) => loose()['resize']!(value), ['Infinity']],
  ['untilSizeBelow()', (value) => loose()['untilSizeBelow']!(value), []],
  [
    'keepResults.maxBytes',
    (v) => loose()['map']!(fn, [], { keepResults: { maxBytes: v } }),
    ['Infinity'],
  ],
  ...options('map()', (each) => loose()['map']!(fn, [], each), {
    ...GROUP,
    ...LOOKAHEAD,
    onError: NOTHING,
    numConcurrent: ['undefined', 'Infinity'],
    prefetch: NOTHING,
  }),
  ...options('submit()', (each) => loose()['submit']!(fn, [], each), {
    ...GROUP,
    unique: OPTIONAL_TEXT,
    onDuplicate: NOTHING,
  }),
  ...options('retry', (each) => loose()['map']!(fn, [], { retry: { limit: 1, ...each } }), {
    limit: ['Infinity'],
    delay: ['undefined', '1.5'],
    factor: ['undefined', '1.5'],
    maxDelay: DURATION,
    jitter: NOTHING,
    when: FUNCTION,
  }),
  [
    'a key',
    (v) => loose({ limits })['map']!(fn, [], { limits: { host: v } }),
    ['undefined', 'function', ...KEY],
  ],
  [
    'the key of a submission',
    (v) => loose({ limits })['submit']!(fn, [], { limits: { host: v } }),
    ['undefined', ...KEY],
  ],
  ...options('a pool', pool, {
    poolSize: ['undefined', 'Infinity'],
    name: OPTIONAL_TEXT,
    signal: NOTHING,
    retain: NOTHING,
    journal: NOTHING,
    history: NOTHING,
    inspect: [...FUNCTION, ...OBJECTS],
    actors: NOTHING,
    logger: NOTHING,
    isCancellation: FUNCTION,
    maxQueued: ['undefined', 'Infinity'],
    keepResults: BOOLEAN,
    asyncContext: BOOLEAN,
    defaults: ['undefined', ...OBJECTS],
    around: FUNCTION,
    clock: NOTHING,
    limits: ['undefined', ...OBJECTS],
    aging: ['undefined', '1.5'],
    functions: NOTHING,
    checkpoints: NOTHING,
  }),
  ...options('defaults', (defaults) => pool({ defaults }), {
    ...POLICY,
    ...LOOKAHEAD,
    numConcurrent: ['undefined', 'Infinity'],
  }),
  ...options('a durable pool', (each) => pool({ journal: new MemoryStore(), ...each }), {
    functions: ['undefined', ...OBJECTS],
    checkpoints: NOTHING,
  }),
  ...options('a limit', (each) => pool({ limits: { host: each } }), {
    concurrent: ['undefined', 'Infinity'],
    rate: NOTHING,
  }),
  ...options(
    'a rate',
    (each) => pool({ limits: { host: { rate: { max: 1, per: 1, ...each } } } }),
    {
      max: [],
      per: ['1.5'],
      spread: BOOLEAN,
    },
  ),
  [
    'limit.concurrent',
    (value) => {
      host().concurrent = value;
    },
    ['Infinity'],
  ],
  [
    'limit.rate',
    (value) => {
      host().rate = value;
    },
    NOTHING,
  ],
  ['limit.pause() of', (v) => (host() as unknown as Loose)['pause']!(v, 1), KEY],
  ['limit.pause() for', (v) => (host() as unknown as Loose)['pause']!('k', v), ['1.5']],
  ...options('gatherAndClose()', (each) => pool().gatherAndClose(each), {
    signal: NOTHING,
    returnExceptions: BOOLEAN,
  }),
  [
    'gatherAndClose() grace',
    (grace) => pool().gatherAndClose({ signal, grace } as never),
    DURATION,
  ],
  ...options('flush()', (each) => pool().flush(each), { returnExceptions: BOOLEAN }),
  ...options('untilIdle()', (each) => pool().untilIdle(each), { signal: NOTHING }),
  ...options('untilDurable()', (each) => pool().untilDurable(each), { signal: NOTHING }),
  ...options('untilClosed()', (each) => pool().untilClosed(each), { signal: NOTHING }),
  ...options('untilSizeBelow()', (each) => pool().untilSizeBelow(1, each), { signal: NOTHING }),
  ...options('results()', (each) => group().results(each), { signal: NOTHING }),
  ...options('settled()', (each) => group().settled(each), { signal: NOTHING }),
  ...options('first()', (each) => group().first(each), { signal: NOTHING }),
  ...options('ordered()', (each) => group().ordered(each), { buffer: ['undefined', 'Infinity'] }),
  ...options('on()', (each) => pool().on('*', fn, each), {
    signal: NOTHING,
    once: BOOLEAN,
    replay: BOOLEAN,
  }),
  ...options('stuck()', (each) => pool().stuck(each), { longerThan: ['undefined', '1.5'] }),
  ...options('snapshot()', (each) => pool().snapshot(each), { tasks: [...BOOLEAN, ...OBJECTS] }),
  ...options('snapshot({ tasks })', (tasks) => pool().snapshot({ tasks }), {
    state: NOTHING,
    group: [...OPTIONAL_TEXT, "''"],
    before: ['undefined', 'Infinity'],
    last: ['undefined', 'Infinity'],
  }),
  ['group.priority', (value) => Object.assign(group(), { priority: value }), ['-1', '1.5']],
  ['group.numConcurrent', (v) => Object.assign(group(), { numConcurrent: v }), ['Infinity']],
  ['autosize() of', (value) => autosize(value as never, { max: 4, policy }), []],
  ...options('autosize()', (each) => autosize(pool(), { max: 4, policy, ...each }), {
    min: NOTHING,
    max: ['Infinity'],
    policy: [],
    interval: DURATION,
    signal: NOTHING,
    logger: NOTHING,
  }),
  ['aimd()', (value) => aimd(value as never), ['undefined', ...OBJECTS]],
  ['gradient()', (value) => gradient(value as never), ['undefined', ...OBJECTS]],
  ['smallest()', (value) => smallest(value as never), []],
  ['simulate()', (value) => simulate(value as never), ["''", 'array']],
  ...options('simulate()', (each) => simulate([], each), {
    poolSize: ['undefined', 'Infinity'],
    numConcurrent: ['undefined', 'Infinity'],
    limits: ['undefined', ...OBJECTS],
    arrivals: NOTHING,
  }),
  ['given()', (value) => given(value as never), ["''", 'array']],
  ...options('given()', (each) => given([], each), {
    pool: OPTIONAL_TEXT,
    at: ['undefined', '1.5'],
  }),
  ['recoverTaskPool()', (value) => recoverTaskPool(value as never, { functions: {} }), []],
  ['closeOnSignal()', (value) => closeOnSignal(value as never)(), []],
  ...options('closeOnSignal()', (each) => closeOnSignal(pool(), each)(), {
    signals: ['undefined', 'array'],
    grace: DURATION,
    exit: BOOLEAN,
    onError: FUNCTION,
  }),
];

/** What a call throws, or its promise rejects with; undefined if neither has happened by now. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    const result = call();
    if (!(result instanceof Promise)) return undefined;
    result.catch(() => {});
    return await Promise.race([result.then(() => undefined), new Promise((r) => setImmediate(r))]);
  } catch (error) {
    return error;
  }
}

describe('whatever is passed, it is taken, or the error says what was expected and given', () => {
  test.each(rows)('%s', async (_what, call, accepts) => {
    const answers = Object.entries(VALUES).map(async ([name, value]) => {
      const error = await refusal(() => call(value));
      if (error !== undefined) expect(`${error}`, name).toMatch(/^\w+: expected .+,? got .+/s);
      return error === undefined ? [name] : [];
    });
    const taken = (await Promise.all(answers)).flat();
    expect(taken.sort()).toEqual([...accepts].sort());
  });
});
