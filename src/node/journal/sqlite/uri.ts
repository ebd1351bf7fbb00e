/** The URI of a file that SQLite opens for reading. */

import { pathToFileURL } from 'node:url';
import type { OpenMode } from './connection.ts';

export function uriOf(path: string, mode: Exclude<OpenMode, 'write'>): string {
  // `immutable` makes SQLite ignore the log.
  return `${pathToFileURL(path).href}?mode=ro${mode === 'read' ? '' : '&immutable=1'}`;
}
