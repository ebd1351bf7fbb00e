/** Commands of a `SimpleTaskPool`, whose tasks differ only in number. */

import { COUNT } from '../arguments/value-types.ts';
import { checkNumTasks } from '../complaints.ts';
import { command, one } from '../define.ts';

export const simple = {
  start: command({
    of: 'SimpleTaskPool',
    help: 'Start N more tasks; answers with the name of their group.',
    answer: 'the name of the group',
    positionals: [one('n', 'N', COUNT, 'how many')],
    changes: true,
    run({ pool }, { n }) {
      checkNumTasks(n);
      return pool.start(n).name;
    },
  }),
  stop: command({
    of: 'SimpleTaskPool',
    help: 'Cancel the N youngest tasks; answers with their ids.',
    answer: 'an array of ids',
    positionals: [one('n', 'N', COUNT, 'how many')],
    changes: true,
    run: ({ pool }, { n }) => pool.stop(n),
  }),
  stopAll: command({
    of: 'SimpleTaskPool',
    help: 'Cancel every task; answers with their ids.',
    answer: 'an array of ids',
    changes: true,
    run: ({ pool }) => pool.stopAll(),
  }),
  funcName: command({
    of: 'SimpleTaskPool',
    help: 'Show the name of the function that the pool runs.',
    answer: 'a string',
    changes: false,
    run: ({ pool }) => pool.funcName,
  }),
};
