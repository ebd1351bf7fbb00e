/** The size of the user data in events, which limits in bytes count. */

import { Code, type EventCode } from '../events/event-codes.ts';
import type { CreatedGroup, EndedTask, QueuedTask } from '../events/event-columns.ts';
import type { Json } from '../events/events.ts';
import { jsonSize } from '../kit/json-size.ts';
import type { GroupIdentity } from '../machines/group-identity.ts';

/** About how many characters of JSON the user data of an event takes, from its columns. */
export function weightOf(code: EventCode, detail: unknown): number {
  if (detail === undefined) return 0;
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
      const { error, value } = detail as EndedTask;
      return (
        (error === undefined ? 0 : jsonSize(error)) + (value === undefined ? 0 : jsonSize(value))
      );
    }
    case Code.taskStarted:
    case Code.groupExhausted:
      return 0;
    default:
      return jsonSize(detail);
  }
}

/** Without creating a generated name. */
function argsOf(group: CreatedGroup | GroupIdentity): readonly Json[] | undefined {
  return 'kind' in group ? group.kind.storage?.args : group.created.args;
}
