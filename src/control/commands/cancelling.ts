/** Commands that cancel tasks. */

import { GROUP, TASK_OR_KEY } from '../arguments/value-types.ts';
import { command, one, optional, some } from '../define.ts';

export const cancelling = {
  cancel: command({
    help: 'Cancel tasks; none of them if one cannot be cancelled.',
    positionals: [some('ids', 'ID', TASK_OR_KEY, 'the id of a task, or the key of a submission')],
    changes: true,
    run: ({ pool }, { ids }) => pool.cancel(ids),
  }),
  cancelGroup: command({
    help: 'Cancel a group: its remaining items, its waiting and its running tasks.',
    positionals: [one('group', 'NAME', GROUP, 'the name of the group')],
    changes: true,
    run: ({ pool }, { group }) => pool.cancelGroup(group),
  }),
  stopGroup: command({
    help: 'Take no more items of a group; its existing tasks finish.',
    positionals: [one('group', 'NAME', GROUP, 'the name of the group')],
    changes: true,
    run: ({ pool }, { group }) => pool.group(group).stop(),
  }),
  cancelQueued: command({
    help: 'Cancel waiting tasks, of a group or of all; running tasks continue.',
    positionals: [optional('group', 'NAME', GROUP, 'the name of a group; without it all of them')],
    changes: true,
    run: ({ pool }, { group }) => (group === undefined ? pool : pool.group(group)).cancelQueued(),
  }),
  cancelAll: command({
    help: 'Cancel every group.',
    changes: true,
    run: ({ pool }) => pool.cancelAll(),
  }),
};
