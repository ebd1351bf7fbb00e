/** Why something is cancelled: made once for all the tasks that it concerns. */

import type { Json } from '../../events.ts';
import { toJson } from '../to-json.ts';

export interface Cancellation {
  /** What signals are aborted with: the reason given, or the platform's AbortError. */
  readonly reason: unknown;
  /** The reason given, as plain data; undefined if there was none. */
  readonly json: Json | undefined;
}

export function cancellation(reason: unknown): Cancellation {
  if (reason !== undefined) return { reason, json: toJson(reason) };
  // What `AbortController.abort()` aborts with.
  return { reason: new DOMException('This operation was aborted', 'AbortError'), json: undefined };
}
