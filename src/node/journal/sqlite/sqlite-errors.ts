/** What went wrong in SQLite, in our words. */

import { StoreCorrupt, StoreFull, StoreLocked } from '../../../index.ts';
import { isError } from '../../../kit/realms.ts';
import { errorAt } from '../file-error.ts';
import type { Driver } from './connection.ts';
import { refusedWrite } from './refused-write.ts';

/** SQLite's numbers, <https://sqlite.org/rescode.html>; the lowest byte says what it is about. */
const ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const INPUT_OUTPUT = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const SCHEMA = 17;
const FORMAT = 24;
const NOT_A_DATABASE = 26;
/** What the system may have said more about. */
const OF_THE_SYSTEM = [READ_ONLY, INPUT_OUTPUT, CANNOT_OPEN];
/** The file that readers and the writer share cannot be made longer. */
const SHARED_MEMORY_SIZE = 4874;

/** Whether another process uses the database, so that a retry may succeed. */
export function isBusy(error: unknown, driver: Driver): boolean {
  const told = error instanceof StoreLocked ? error.cause : error;
  const code = codeOf(told, driver) & 0xff;
  return code === BUSY || code === LOCKED;
}

/** The error to throw while writing or opening; `seq` is the next event. */
export function writeError(error: unknown, driver: Driver, path: string, seq: number): unknown {
  const code = codeOf(error, driver);
  if ((code & 0xff) === FULL || code === SHARED_MEMORY_SIZE) return full(error, path);
  if (isBusy(error, driver)) {
    return new StoreLocked(
      `expected a database that nobody else writes to, got one that another process has locked: ${path}`,
      { cause: error },
    );
  }
  if ([CORRUPT, FORMAT, NOT_A_DATABASE].includes(code & 0xff)) return corrupt(error, path, seq);
  if (OF_THE_SYSTEM.includes(code & 0xff)) return systemError(error, path);
  // SQLite does not say with which file.
  return code === 0 ? error : errorAt(path, error, { syscall: 'write' });
}

/** With what the system says, which SQLite keeps to itself. */
function systemError(error: unknown, path: string): Error {
  const refused = refusedWrite(path);
  if (refused instanceof StoreFull) return new StoreFull(refused.message, { cause: error });
  const { code } = refused ?? {};
  const told = code === undefined ? error : new Error(`${messageOf(error)} (${code})`);
  return Object.assign(errorAt(path, told, { syscall: 'write' }), { code, cause: error });
}

function full(cause: unknown, path: string): StoreFull {
  return new StoreFull(`expected room for more events, got a full disk: ${path}`, { cause });
}

/** The same while reading: then an error in a statement means that the tables are not ours. */
export function readError(error: unknown, driver: Driver, path: string, seq: number): unknown {
  const code = codeOf(error, driver) & 0xff;
  if (code === ERROR || code === SCHEMA) return corrupt(error, path, seq);
  return writeError(error, driver, path, seq);
}

/** 0 for what is no error of SQLite. */
function codeOf(error: unknown, driver: Driver): number {
  return (isError(error) ? driver.codeOf(error) : undefined) ?? 0;
}

function corrupt(error: unknown, path: string, seq: number): StoreCorrupt {
  return new StoreCorrupt(`expected event ${seq}, got '${messageOf(error)}': ${path}`, seq, error);
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
