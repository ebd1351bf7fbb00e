/** How much of users' data there is in events: what limits in bytes count. */

import {
  Code,
  type CreatedGroup,
  type EndedTask,
  type EventCode,
  type QueuedTask,
} from '../event-table.ts';
import type { Json } from '../events.ts';
import { jsonSize } from '../kit/json-size.ts';
import { GroupIdentity } from '../machines/records.ts';

const GROUP_CREATED = Code.groupCreated;

/**
 * About how many characters of JSON an event takes besides what every event of its type takes,
 * from its columns.
 */
export function weightOf(code: EventCode, detail: unknown): number {
  // Of most events: the group of a task is all that there is to say.
  if (detail === undefined || (detail instanceof GroupIdentity && code !== GROUP_CREATED)) return 0;
  switch (code) {
    case Code.taskQueued: {
      const { item } = detail as QueuedTask;
      return item === undefined ? 0 : jsonSize(item);
    }
    case Code.groupCreated: {
      const args = argsOf(detail as CreatedGroup | GroupIdentity);
      return args === undefined ? 0 : jsonSize(args);
    }
    case Code.taskEnded: {
      const { error } = detail as EndedTask;
      return error === undefined ? 0 : jsonSize(error);
    }
    case Code.taskStarted:
    case Code.groupExhausted:
      return 0;
    default:
      return jsonSize(detail);
  }
}

/** Without putting a generated name together. */
function argsOf(group: CreatedGroup | GroupIdentity): readonly Json[] | undefined {
  return 'kind' in group ? group.kind.storage?.args : group.created.args;
}
