/** Without any SQLite, and with the one that is asked for. */

import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { StoreDriverMissing } from 'xstate-taskpool';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { rejectionOf } from '../../support/observing.ts';
import { newPath } from '../../support/stores.ts';

test('a store says what is missing, and leaves nothing behind', async () => {
  vi.doMock('libsql', () => {
    throw new Error('not installed');
  });
  if (process.getBuiltinModule !== undefined) {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  }
  const path = await newPath();
  for (const driver of [undefined, 'node:sqlite', 'libsql'] as const) {
    const error = await rejectionOf(SqliteStore.open(path, driver && { driver }));
    expect(error).toBeInstanceOf(StoreDriverMissing);
    expect((error as Error).message).toMatch(
      new RegExp(
        `^expected .*${driver ?? 'node:sqlite or libsql'}, got none: use Node 22.13 or later`,
      ),
    );
    expect((error as Error).cause).toBeInstanceOf(Error);
  }
  expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
});
