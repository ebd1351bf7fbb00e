/** A file to be read, as SQLite takes it. */

import { pathToFileURL } from 'node:url';
import type { OpenMode } from './connection.ts';

export function uriOf(path: string, mode: Exclude<OpenMode, 'write'>): string {
  // A database that does not change needs no log, SQLite concludes.
  return `${pathToFileURL(path).href}?mode=ro${mode === 'read' ? '' : '&immutable=1'}`;
}
