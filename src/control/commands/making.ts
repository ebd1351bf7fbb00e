/** Commands that create tasks in a `TaskPool`. Each answers with the name of the new group. */

import type { GroupOptions } from '../../index.ts';
import { printableValue } from '../../printable/value.ts';
import {
  ARRAY,
  ARRAYS,
  COUNT,
  DURATION,
  FUNCTION,
  LIMIT,
  NEW_NAME,
  OBJECT,
  OBJECTS,
  SIZE,
} from '../arguments/value-types.ts';
import type { Context, RunnableFunction } from '../command.ts';
import { checkNumTasks } from '../complaints.ts';
import { command, one, option } from '../define.ts';
import { untilAborted } from '../until-aborted.ts';

const func = one('func', 'FUNC', FUNCTION, 'the name of the function');
const groupName = option('g', 'NAME', NEW_NAME, 'the name of the group');
const numConcurrent = option(
  'n',
  'N',
  LIMIT,
  'how many may run at once; without it all slots, or 1 in a pool without a size',
);

const endCallback = option(
  'e',
  'FUNC',
  FUNCTION,
  'a function to call with the id of each task that ended',
);
const cancelCallback = option(
  'c',
  'FUNC',
  FUNCTION,
  'a function to call with the id of each cancelled task, before that',
);
const timeout = option('t', 'MS', DURATION, 'how long each attempt of a task may take');
const deadline = option('d', 'MS', DURATION, 'how long a task may take with all its attempts');
const retry = option('r', 'N', SIZE, 'how many times a failed task is retried');
const shared = { groupName, endCallback, cancelCallback, timeout, deadline, retry };

interface SharedArguments {
  readonly func: string;
  readonly groupName: string | undefined;
  readonly endCallback: string | undefined;
  readonly cancelCallback: string | undefined;
  readonly timeout: number | undefined;
  readonly deadline: number | undefined;
  readonly retry: number | undefined;
}

type SharedOptions = { -readonly [K in keyof GroupOptions]: GroupOptions[K] };

/** Resolves all functions first, so that nothing happens on errors; then creates the group and returns its name. */
async function make(
  context: Pick<Context, 'findFunction'>,
  args: SharedArguments,
  start: (fn: RunnableFunction, options: GroupOptions) => { readonly name: string },
): Promise<string> {
  return call(context, args, (fn, options) => start(fn, options).name);
}

/** Resolves all functions first, so that nothing happens on errors; then calls `start`. */
async function call<R>(
  { findFunction }: Pick<Context, 'findFunction'>,
  { func, groupName, endCallback, cancelCallback, timeout, deadline, retry }: SharedArguments,
  start: (fn: RunnableFunction, options: GroupOptions) => R | Promise<R>,
): Promise<R> {
  const fn = await findFunction(func);
  const options: SharedOptions = groupName === undefined ? {} : { groupName };
  if (endCallback !== undefined) options.endCallback = await findFunction(endCallback);
  if (cancelCallback !== undefined) options.cancelCallback = await findFunction(cancelCallback);
  if (timeout !== undefined) options.timeout = timeout;
  if (deadline !== undefined) options.deadline = deadline;
  if (retry !== undefined) options.retry = retry;
  return start(fn, options);
}

/** The value returned by a function as JSON, or as text if it is not JSON. */
function answerOf(value: unknown): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return printableValue(value);
  }
}

/** The option, if it is given. */
function limited(numConcurrent: number | undefined): { readonly numConcurrent?: number } {
  return numConcurrent === undefined ? {} : { numConcurrent };
}

export const making = {
  apply: command({
    of: 'TaskPool',
    help: 'Run a function with the same arguments, once or more often.',
    answer: 'the name of the group',
    positionals: [func],
    options: {
      args: option('a', 'ARGS', ARRAY, 'an array of its arguments', []),
      kwargs: option('k', 'KWARGS', OBJECT, 'an object, passed as an additional last argument'),
      num: option('n', 'NUM', COUNT, 'how often', 1),
      ...shared,
    },
    changes: true,
    run(context, { args, kwargs, num, ...shared }) {
      checkNumTasks(num);
      const all = kwargs === undefined ? [...args] : [...args, kwargs];
      return make(context, shared, (fn, options) =>
        context.pool.apply(fn, all, { num, ...options }),
      );
    },
  }),
  submit: command({
    of: 'TaskPool',
    help: 'Run a function once, and answer with its result.',
    answer: 'what the function returns, as JSON',
    positionals: [func],
    options: {
      args: option('a', 'ARGS', ARRAY, 'an array of its arguments', []),
      kwargs: option('k', 'KWARGS', OBJECT, 'an object, passed as an additional last argument'),
      ...shared,
    },
    changes: true,
    run(context, { args, kwargs, ...shared }) {
      const all = kwargs === undefined ? [...args] : [...args, kwargs];
      return call(context, shared, async (fn, { onError: _, limits: __, ...options }) =>
        answerOf(await untilAborted(context.pool.submit(fn, all, options), context.signal)),
      );
    },
    print: (value) => (value === undefined ? 'ok' : printableValue(value)),
  }),
  map: command({
    of: 'TaskPool',
    help: 'Run a function for each item.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', ARRAY, 'an array with the argument of each task')],
    options: { numConcurrent, ...shared },
    changes: true,
    run: (context, { items, numConcurrent, ...shared }) =>
      make(context, shared, (fn, options) =>
        context.pool.map(fn, items, { ...options, ...limited(numConcurrent) }),
      ),
  }),
  starmap: command({
    of: 'TaskPool',
    help: 'Run a function for each array of arguments.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', ARRAYS, 'an array of arrays of arguments')],
    options: { numConcurrent, ...shared },
    changes: true,
    run: (context, { items, numConcurrent, ...shared }) =>
      make(context, shared, (fn, options) =>
        context.pool.starmap(fn, items, { ...options, ...limited(numConcurrent) }),
      ),
  }),
  doublestarmap: command({
    of: 'TaskPool',
    help: 'Run a function for each object of named arguments.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', OBJECTS, 'an array of objects')],
    options: { numConcurrent, ...shared },
    changes: true,
    run: (context, { items, numConcurrent, ...shared }) =>
      make(context, shared, (fn, options) =>
        context.pool.doublestarmap(fn, items, { ...options, ...limited(numConcurrent) }),
      ),
  }),
};
