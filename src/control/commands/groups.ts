/** Commands about groups of tasks. */

import { type WaitingSubmissions, waitingSubmissions } from '../../index.ts';
import { GROUP, LIMIT, POSITIVE } from '../arguments/value-types.ts';
import { checkNumListed } from '../complaints.ts';
import { command, one, option, optional, some } from '../define.ts';
import { printLimit, printTable } from '../printing/print.ts';

const group = one('group', 'GROUP', GROUP, 'the name of the group');

export const groups = {
  groups: command({
    help: 'List the groups of the pool.',
    answer: 'an array of groups, as in a snapshot',
    changes: false,
    run: ({ pool }) => pool.snapshot({ tasks: false }).groups,
    print(groups) {
      if (groups.length === 0) return 'none';
      const head = [
        'GROUP',
        'METHOD',
        'FUNCTION',
        'SOURCE',
        'LIMIT',
        'CREATED',
        'RUNNING',
        'ENDED',
      ];
      const rows = groups.map((one) => [
        one.name,
        one.method,
        one.functionName,
        one.paused ? `${one.source}, paused` : one.source,
        printLimit(one.numConcurrent),
        one.planned === undefined ? String(one.created) : `${one.created} of ${one.planned}`,
        String(one.running),
        String(one.ended),
      ]);
      return printTable([head, ...rows]);
    },
  }),
  getGroupIds: command({
    help: 'Show the ids of the remembered tasks of groups.',
    answer: 'an array of ids',
    positionals: [some('groups', 'NAME', GROUP, 'the name of a group')],
    changes: false,
    run: ({ pool }, { groups }): readonly number[] => {
      // Not spread into one call: a line may have more names than the stack has room for.
      const ids = [...new Set(groups)].flatMap((group) => [...pool.getGroupIds(group)]);
      return [...new Set(ids)];
    },
  }),
  submissions: command({
    help: 'List the waiting submissions of a group, the next ones first.',
    answer:
      'an object `{ total, submissions }`, each submission `{ index, key, priority, isHeld }`',
    positionals: [group],
    options: { limit: option('l', 'N', POSITIVE, 'the maximum number', 100) },
    changes: false,
    run({ pool }, { group, limit }): WaitingSubmissions {
      checkNumListed(limit);
      return waitingSubmissions(pool, group, limit);
    },
    print({ total, submissions }) {
      if (total === 0) return 'none';
      const rows = submissions.map(({ index, key = '', priority, isHeld }) => [
        String(index),
        key,
        String(priority),
        isHeld ? 'for its key' : 'for a slot',
      ]);
      const table = printTable([['INDEX', 'KEY', 'PRIORITY', 'WAITS'], ...rows]);
      return total > rows.length ? `${table}\n${rows.length} of ${total}` : table;
    },
  }),
  numConcurrent: command({
    help: 'Show how many tasks of a group may run at once, or set it.',
    answer: 'a number; `null`: no limit',
    positionals: [group, optional('limit', 'N', LIMIT, 'the new limit')],
    changes: ({ limit }) => limit !== undefined,
    run({ pool }, { group, limit }) {
      const handle = pool.group(group);
      if (limit !== undefined) handle.numConcurrent = limit;
      return handle.numConcurrent;
    },
    print: (value, { limit }) => (limit === undefined ? String(value) : 'ok'),
    fromJson: (value) => (value === null ? Number.POSITIVE_INFINITY : (value as number)),
  }),
};
