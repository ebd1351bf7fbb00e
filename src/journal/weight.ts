/** How much of users' data there is in events: what limits in bytes count. */

import { Code, type CreatedGroup, type EventCode, type QueuedItem } from '../event-table.ts';
import type { Json } from '../events.ts';
import type { GroupIdentity } from '../machines/records.ts';

/** Up to this length it is not worth looking at what has to be escaped. */
const SHORT = 65_536;
/** Most numbers are not longer. */
const NUMBER = 8;

/**
 * About how many characters a value takes as JSON. Nothing is serialised for it, save for long
 * strings, whose escapes would matter.
 */
export function jsonSize(value: Json | undefined): number {
  if (typeof value === 'string') {
    return value.length <= SHORT ? value.length + 2 : sizeOfLong(value);
  }
  if (typeof value !== 'object' || value === null) return NUMBER;
  let size = 2;
  if (Array.isArray(value)) {
    for (const part of value as readonly Json[]) size += jsonSize(part) + 1;
    return size;
  }
  const parts = value as { readonly [key: string]: Json };
  for (const key in parts) size += key.length + 4 + jsonSize(parts[key]);
  return size;
}

/**
 * About how many characters of JSON an event takes besides what every event of its type takes,
 * from its columns.
 */
export function weightOf(code: EventCode, detail: unknown): number {
  if (detail === undefined) return 0;
  switch (code) {
    case Code.taskQueued: {
      const { item } = detail as Partial<QueuedItem>;
      return item === undefined ? 0 : jsonSize(item);
    }
    case Code.groupCreated: {
      const args = argsOf(detail as CreatedGroup | GroupIdentity);
      return args === undefined ? 0 : jsonSize(args);
    }
    case Code.groupExhausted:
      return 0;
    default:
      return jsonSize(detail as Json);
  }
}

/** Without putting a generated name together. */
function argsOf(group: CreatedGroup | GroupIdentity): readonly Json[] | undefined {
  return 'kind' in group ? group.kind.storage?.args : group.created.args;
}

function sizeOfLong(text: string): number {
  try {
    return JSON.stringify(text).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
