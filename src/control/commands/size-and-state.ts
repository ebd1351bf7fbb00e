/** Commands for the size of a pool, its state, its counts, and closing it. */

import { summarizeError } from '../../printable/error.ts';
import { GROUP, POSITIVE, SIZE } from '../arguments/value-types.ts';
import { command, flag, one, optional } from '../define.ts';
import { printErrors } from '../printing/print.ts';
import { untilAborted } from '../until-aborted.ts';

const returnExceptions = flag(
  'r',
  'answer with the errors that nobody has read instead of failing',
);

const pausable = optional('group', 'GROUP', GROUP, 'the name of a group; without it the pool');

export const sizeAndState = {
  poolSize: command({
    help: 'Show how many tasks may run at once, or set it.',
    answer: 'a number; `null`: no limit',
    positionals: [optional('size', 'N', SIZE, 'the new size')],
    changes: ({ size }) => size !== undefined,
    run({ pool }, { size }) {
      if (size !== undefined) pool.poolSize = size;
      return pool.poolSize;
    },
    print: (value, { size }) => (size === undefined ? String(value) : 'ok'),
    fromJson: (value) => (value === null ? Number.POSITIVE_INFINITY : (value as number)),
  }),
  isFull: command({
    help: 'Show whether all slots are taken.',
    answer: 'true or false',
    changes: false,
    run: ({ pool }) => pool.isFull,
  }),
  isLocked: command({
    help: 'Show whether the pool refuses new tasks.',
    answer: 'true or false',
    changes: false,
    run: ({ pool }) => pool.isLocked,
  }),
  isClosed: command({
    help: 'Show whether everything has ended and the pool is closed.',
    answer: 'true or false',
    changes: false,
    run: ({ pool }) => pool.isClosed,
  }),
  lock: command({
    help: 'Refuse new tasks; accepted tasks still run.',
    changes: true,
    run: ({ pool }) => pool.lock(),
  }),
  unlock: command({
    help: 'Accept new tasks again.',
    changes: true,
    run: ({ pool }) => pool.unlock(),
  }),
  isPaused: command({
    help: 'Show whether the pool is paused.',
    answer: 'true or false',
    changes: false,
    run: ({ pool }) => pool.isPaused,
  }),
  pause: command({
    help: 'Pause a group or the pool: no further tasks start.',
    positionals: [pausable],
    changes: true,
    run: ({ pool }, { group }) => (group === undefined ? pool : pool.group(group)).pause(),
  }),
  resume: command({
    help: 'Resume a group or the pool; groups that are paused themselves stay paused.',
    positionals: [pausable],
    changes: true,
    run: ({ pool }, { group }) => (group === undefined ? pool : pool.group(group)).resume(),
  }),
  numRunning: command({
    help: 'Show how many tasks run.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numRunning,
  }),
  numQueued: command({
    help: 'Show how many tasks wait for a slot.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numQueued,
  }),
  numDelayed: command({
    help: 'Show how many tasks have failed and will be run again.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numDelayed,
  }),
  numCancelled: command({
    help: 'Show how many cancelled tasks have not ended yet.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numCancelled,
  }),
  numEnded: command({
    help: 'Show how many tasks have ended and are remembered.',
    answer: 'a number',
    changes: false,
    run: ({ pool }) => pool.numEnded,
  }),
  flush: command({
    help: 'Forget the tasks that have ended.',
    answer: 'an array of errors `{ code, message }`',
    options: { returnExceptions },
    changes: true,
    run: async ({ pool, signal }, options) =>
      (await untilAborted(pool.flush(options), signal)).map(summarizeError),
    print: printErrors,
  }),
  gatherAndClose: command({
    help: 'Take no more tasks, wait until all have ended, and close the pool.',
    answer: 'an array of errors `{ code, message }`',
    options: { returnExceptions },
    changes: true,
    async run({ pool, signal }, options) {
      const gathered = pool.gatherAndClose(options);
      // When the pool is closed, its program may close the server: this answer must come first.
      return (await untilAborted(gathered, signal, () => pool.isClosed)).map(summarizeError);
    },
    print: printErrors,
  }),
  untilClosed: command({
    help: 'Wait until the pool is closed.',
    changes: false,
    run: ({ pool, signal }) => pool.untilClosed({ signal }),
  }),
  untilIdle: command({
    help: 'Wait until nothing is left to run.',
    changes: false,
    run: ({ pool, signal }) => pool.untilIdle({ signal }),
  }),
  untilSizeBelow: command({
    help: 'Wait until fewer than N are pending.',
    positionals: [one('n', 'N', POSITIVE, 'how many')],
    changes: false,
    run: ({ pool, signal }, { n }) => pool.untilSizeBelow(n, { signal }),
  }),
};
