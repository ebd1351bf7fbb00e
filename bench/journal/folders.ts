/** Where the files are that are written to be measured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED = 'TASKPOOL_BENCH_FOLDER';

/** Makes a folder for all processes that are started for a measurement, and removes it at last. */
export async function inSharedFolder(run: () => Promise<void>): Promise<void> {
  if (process.env[SHARED] !== undefined) return run();
  const folder = mkdtempSync(join(tmpdir(), 'taskpool-bench-'));
  process.env[SHARED] = folder;
  try {
    await run();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A path that all processes share. */
export function sharedPath(name: string): string {
  return join(process.env[SHARED] ?? tmpdir(), name);
}

let made = 0;

/** A path that nobody has used. What an earlier run has left is removed. */
export function newPath(): string {
  const path = sharedPath(`run-${process.pid}-${made}`);
  const previous = sharedPath(`run-${process.pid}-${made - 1}`);
  for (const end of ['', '-wal', '-shm', '.lock']) {
    rmSync(previous + end, { recursive: true, force: true });
  }
  made++;
  return path;
}
