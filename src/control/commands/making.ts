/** Commands that make tasks in a `TaskPool`. Each answers with the name of the group it made. */

import type { GroupOptions } from '../../index.ts';
import { command, one, option } from '../define.ts';
import {
  ARRAY,
  ARRAYS,
  COUNT,
  FUNCTION,
  LIMIT,
  NEW_NAME,
  OBJECT,
  OBJECTS,
} from '../value-types.ts';

const func = one('func', 'FUNC', FUNCTION, 'the name of the function');
const groupName = option('g', 'NAME', NEW_NAME, 'the name of the group');
const numConcurrent = option('n', 'N', LIMIT, 'how many may run at once', 1);

function named(groupName: string | undefined): GroupOptions {
  return groupName === undefined ? {} : { groupName };
}

export const making = {
  apply: command({
    of: 'TaskPool',
    help: 'Run a function with the same arguments, once or more often.',
    answer: 'the name of the group',
    positionals: [func],
    options: {
      args: option('a', 'ARGS', ARRAY, 'an array of its arguments', []),
      kwargs: option('k', 'KWARGS', OBJECT, 'an object, passed as one more argument after those'),
      num: option('n', 'NUM', COUNT, 'how often', 1),
      groupName,
    },
    changes: true,
    async run({ pool, findFunction }, { func, args, kwargs, num, groupName }) {
      const fn = await findFunction(func);
      const all = kwargs === undefined ? [...args] : [...args, kwargs];
      return pool.apply(fn, all, { num, ...named(groupName) }).name;
    },
  }),
  map: command({
    of: 'TaskPool',
    help: 'Run a function for each of some items.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', ARRAY, 'an array with the argument of each task')],
    options: { numConcurrent, groupName },
    changes: true,
    async run({ pool, findFunction }, { func, items, numConcurrent, groupName }) {
      const fn = await findFunction(func);
      return pool.map(fn, items, { numConcurrent, ...named(groupName) }).name;
    },
  }),
  starmap: command({
    of: 'TaskPool',
    help: 'Run a function for each of some arrays of arguments.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', ARRAYS, 'an array of arrays of arguments')],
    options: { numConcurrent, groupName },
    changes: true,
    async run({ pool, findFunction }, { func, items, numConcurrent, groupName }) {
      const fn = await findFunction(func);
      return pool.starmap(fn, items, { numConcurrent, ...named(groupName) }).name;
    },
  }),
  doublestarmap: command({
    of: 'TaskPool',
    help: 'Run a function for each of some objects of named arguments.',
    answer: 'the name of the group',
    positionals: [func, one('items', 'ITEMS', OBJECTS, 'an array of objects')],
    options: { numConcurrent, groupName },
    changes: true,
    async run({ pool, findFunction }, { func, items, numConcurrent, groupName }) {
      const fn = await findFunction(func);
      return pool.doublestarmap(fn, items, { numConcurrent, ...named(groupName) }).name;
    },
  }),
};
