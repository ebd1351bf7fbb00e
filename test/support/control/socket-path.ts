/** Paths for Unix sockets. */

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path in a new folder, which is removed after the test. */
export async function socketPath(name = 'pool.sock'): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'control-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
}
