/** Commands that cancel tasks. */

import { command, one, some } from '../define.ts';
import { COUNT, GROUP } from '../value-types.ts';

export const cancelling = {
  cancel: command({
    help: 'Cancel tasks; none of them if one cannot be cancelled.',
    positionals: [some('ids', 'ID', COUNT, 'the id of a task')],
    changes: true,
    run: ({ pool }, { ids }) => pool.cancel(ids),
  }),
  cancelGroup: command({
    help: 'Cancel a group: what is left of its source, what waits and what runs.',
    positionals: [one('group', 'NAME', GROUP, 'the name of the group')],
    changes: true,
    run: ({ pool }, { group }) => pool.cancelGroup(group),
  }),
  cancelAll: command({
    help: 'Cancel every group.',
    changes: true,
    run: ({ pool }) => pool.cancelAll(),
  }),
};
