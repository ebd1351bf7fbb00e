/** The folders for the files of measurements. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED = 'TASKPOOL_BENCH_FOLDER';

/** Creates a folder for all processes of a measurement, and removes it at the end. */
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

/** A new path. Files of earlier runs are removed. */
export function newPath(): string {
  const path = sharedPath(`run-${process.pid}-${made}`);
  const previous = sharedPath(`run-${process.pid}-${made - 1}`);
  for (const end of ['', '-wal', '-shm', '.lock']) {
    rmSync(previous + end, { recursive: true, force: true });
  }
  made++;
  return path;
}
