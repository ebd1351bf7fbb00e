/** Converts errors of SQLite. */

import { StoreCorrupt, StoreFull, StoreLocked } from '../../../index.ts';
import { isError } from '../../../kit/realms.ts';
import { errorAt } from '../file-error.ts';
import type { Driver } from './connection.ts';
import { refusedWrite } from './refused-write.ts';

/** The result codes of SQLite, <https://sqlite.org/rescode.html>; the lowest byte is the primary code. */
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
/** Codes with an underlying system error. */
const OF_THE_SYSTEM = [READ_ONLY, INPUT_OUTPUT, CANNOT_OPEN];
/** The shared-memory file of readers and writer cannot grow. */
const SHARED_MEMORY_SIZE = 4874;

/** Whether another process uses the database, so that a retry may succeed. */
export function isBusy(error: unknown, driver: Driver): boolean {
  const original = error instanceof StoreLocked ? error.cause : error;
  const code = codeOf(original, driver) & 0xff;
  return code === BUSY || code === LOCKED;
}

/** Converts an error of writing or opening; `seq` is the next event. */
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
  // SQLite does not report the path.
  return code === 0 ? error : errorAt(path, error, { syscall: 'write' });
}

/** Adds the system error, which SQLite does not report. */
function systemError(error: unknown, path: string): Error {
  const refused = refusedWrite(path);
  if (refused instanceof StoreFull) return new StoreFull(refused.message, { cause: error });
  const { code } = refused ?? {};
  const reported = code === undefined ? error : new Error(`${messageOf(error)} (${code})`);
  return Object.assign(errorAt(path, reported, { syscall: 'write' }), { code, cause: error });
}

function full(cause: unknown, path: string): StoreFull {
  return new StoreFull(`expected room for more events, got a full disk: ${path}`, { cause });
}

/** Runs a step that reads; its errors are thrown converted. */
export function reading<T>(step: () => T, driver: Driver, path: string, seq: number): T {
  try {
    return step();
  } catch (error) {
    throw readError(error, driver, path, seq);
  }
}

/** Converts an error of reading: an error in a statement then means that the tables are not ours. */
export function readError(error: unknown, driver: Driver, path: string, seq: number): unknown {
  const code = codeOf(error, driver) & 0xff;
  if (code === ERROR || code === SCHEMA) return corrupt(error, path, seq);
  return writeError(error, driver, path, seq);
}

/** The result code; 0 for other errors. */
function codeOf(error: unknown, driver: Driver): number {
  return (isError(error) ? driver.codeOf(error) : undefined) ?? 0;
}

function corrupt(error: unknown, path: string, seq: number): StoreCorrupt {
  return new StoreCorrupt(`expected event ${seq}, got '${messageOf(error)}': ${path}`, seq, error);
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
