/** Commands for limits and priorities, and for tasks that wait for them. */

import {
  type BasePool,
  type Explanation,
  explainState,
  type LimitKey,
  LimitNotFound,
  type LimitNumbers,
  type PoolLimit,
} from '../../index.ts';
import {
  COUNT,
  GROUP,
  KEY,
  LIMIT_NAME,
  MILLISECONDS,
  NUMBER,
  RATE,
  SIZE,
  TASK_OR_KEY,
  TASK_OR_NAME,
} from '../arguments/value-types.ts';
import { command, one, option, optional } from '../define.ts';
import { printTable } from '../printing/print.ts';

/** A limit, by its name. */
export interface ListedLimit extends LimitNumbers {
  readonly name: string;
}

const limitName = one('limit', 'NAME', LIMIT_NAME, 'the name of the limit');

export const limits = {
  limits: command({
    help: 'List the limits of the pool.',
    answer: 'an array of `{ name, concurrent, rate }`',
    changes: false,
    run: ({ pool }): readonly ListedLimit[] => Object.values(pool.limits).map(listed),
    print(limits) {
      if (limits.length === 0) return 'none';
      const rows = limits.map(({ name, concurrent, rate }) => [
        name,
        concurrent === null ? 'Infinity' : String(concurrent),
        rate === null ? '-' : `${rate.max}/${rate.per}${rate.spread === true ? ' spread' : ''}`,
      ]);
      return printTable([['LIMIT', 'CONCURRENT', 'RATE'], ...rows]);
    },
  }),
  limit: command({
    help: 'Show what a limit allows for each of its keys, or change it.',
    answer: '`{ name, concurrent, rate }`',
    positionals: [limitName],
    options: {
      concurrent: option('c', 'N', SIZE, 'how many may run at once'),
      rate: option('r', 'MAX/MS', RATE, 'how many may start in this time, in milliseconds'),
    },
    changes: ({ concurrent, rate }) => concurrent !== undefined || rate !== undefined,
    run({ pool }, { limit: name, concurrent, rate }): ListedLimit {
      const limit = limitOf(pool, name);
      if (concurrent !== undefined) limit.concurrent = concurrent;
      if (rate !== undefined) limit.rate = rate === 'none' ? undefined : rate;
      return listed(limit);
    },
    print: ({ name, ...numbers }) => `${name} ${JSON.stringify(numbers)}`,
  }),
  pauseKey: command({
    help: 'Pause the tasks with one key of a limit for MS milliseconds; 0 resumes them.',
    positionals: [
      limitName,
      one('key', 'KEY', KEY, 'the key'),
      one('ms', 'MS', MILLISECONDS, 'for how many milliseconds'),
    ],
    changes: true,
    run: ({ pool }, { limit, key, ms }) => limitOf(pool, limit).pause(key as LimitKey, ms),
  }),
  priority: command({
    help: 'Show the priority of a group, or set it.',
    answer: 'a number',
    positionals: [
      one('group', 'GROUP', GROUP, 'the name of the group'),
      optional('priority', 'N', NUMBER, 'the higher, the sooner'),
    ],
    changes: ({ priority }) => priority !== undefined,
    run({ pool }, { group, priority }) {
      const handle = pool.group(group);
      if (priority !== undefined) handle.priority = priority;
      return handle.priority;
    },
  }),
  setPriority: command({
    help: 'Set the priority of a task.',
    positionals: [
      one('id', 'ID', TASK_OR_KEY, 'the id of the task, or the key of a submission'),
      one('priority', 'N', NUMBER, 'the higher, the sooner'),
    ],
    changes: true,
    run: ({ pool }, { id, priority }) => pool.setPriority(id, priority),
  }),
  numPending: command({
    help: 'Show how many tasks are known to be pending.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numPending,
  }),
  explain: command({
    help: 'Show why a task or submission is not running, or a group starts no tasks.',
    answer: '`{ id, index, group, since, reason, sentence }`',
    positionals: [one('what', 'ID_OR_NAME', TASK_OR_NAME, 'a task, a key or a group')],
    options: {
      at: option('a', 'SEQ', COUNT, 'the state after this event; without it the current one'),
    },
    changes: false,
    async run({ pool, history, signal }, { what, at }): Promise<Explanation> {
      if (at === undefined) return pool.explain(what);
      const { state } = await history.at(at, {}, signal);
      return explainState(state, what, (await history.timeOf(at)) ?? 0);
    },
    print: ({ sentence }) => sentence,
  }),
};

function limitOf(pool: BasePool, name: string): PoolLimit {
  const limit = Object.hasOwn(pool.limits, name) ? pool.limits[name] : undefined;
  if (limit !== undefined) return limit;
  const names = Object.keys(pool.limits).join(', ') || 'none';
  throw new LimitNotFound(`expected the name of a limit of the pool (${names}), got '${name}'`);
}

function listed({ name, concurrent, rate }: PoolLimit): ListedLimit {
  const numbers = concurrent === Number.POSITIVE_INFINITY ? null : concurrent;
  return { name, concurrent: numbers, rate: (rate ?? null) as LimitNumbers['rate'] };
}
