/** Chooses the available SQLite: `node:sqlite`, or the optional dependency `libsql`. */

import { StoreDriverMissing } from '../../../index.ts';
import { type Check, checkOneOf } from '../../../kit/checks.ts';
import type { Driver } from './connection.ts';
import { libsql } from './libsql.ts';
import { nodeSqlite } from './node-sqlite.ts';

const DRIVERS = { 'node:sqlite': nodeSqlite, libsql } as const;

/** The name of a driver. */
export type DriverName = keyof typeof DRIVERS;

/**
 * @throws TypeError for an unknown driver.
 */
export const checkDriver: Check = checkOneOf(...Object.keys(DRIVERS));

/**
 * @throws StoreDriverMissing if the driver is not available; without a name, if none is.
 */
export async function driverNamed(name?: DriverName): Promise<Driver> {
  const names = name === undefined ? (Object.keys(DRIVERS) as DriverName[]) : [name];
  const causes: unknown[] = [];
  for (const candidate of names) {
    try {
      return await DRIVERS[candidate]();
    } catch (error) {
      causes.push(error);
    }
  }
  throw new StoreDriverMissing(
    `expected ${names.join(' or ')}, got none: use Node 22.13 or later, or install libsql 0.5`,
    { cause: causes.at(-1) },
  );
}
