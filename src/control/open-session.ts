/** Where sessions begin. */

import { JsonSession } from './json-session.ts';
import type { Session, SessionOptions } from './session.ts';
import { TextSession } from './text-session.ts';

/** A session in the format that the client asked for. */
export function openSession(options: SessionOptions): Session {
  return options.format === 'json' ? new JsonSession(options) : new TextSession(options);
}
