/** W3: real I/O. One run is a second of work for the thread pool, so one warm-up and one timed run are enough. */
import { stat } from 'node:fs/promises';
import type { Scale, Section } from '../model.ts';
import { mappedSections } from './mapped.ts';

async function fileSize(_item: number): Promise<number> {
  return (await stat(process.execPath)).size;
}

export function statSections({ quick }: Scale): Section[] {
  return mappedSections({
    id: 'W3',
    title: 'fs.promises.stat',
    fn: fileSize,
    tasks: quick ? 10_000 : 100_000,
    options: { warmups: 1, runs: 1 },
  });
}
