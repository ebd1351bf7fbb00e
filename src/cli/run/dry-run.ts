/** `--dry-run`: prints the work for each item without doing it. */

import { once } from 'node:events';
import { STDOUT } from '../descriptors.ts';
import type { DescribeJob } from './describe.ts';
import type { ItemReader } from './input/reader.ts';
import type { EarlierRun } from './journal/earlier-run.ts';
import { bytesFor } from './output/shown.ts';

/** Prints the items that an earlier run left open, and then all items of the reader. */
export async function dryRun(
  describe: DescribeJob,
  reader: ItemReader,
  { open, again, created }: EarlierRun,
): Promise<void> {
  const left = [...open, ...[...again.values()].flatMap((items) => [...items.values()])];
  left.sort((one, other) => one.index - other.index);
  for (const { index, item } of left) await print(describe(item, index + 1, 1));
  for (let place = created + 1; await reader.fill(); place++) {
    await print(describe(reader.take(), place, 1));
  }
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(bytesFor(STDOUT, `${line}\n`))) await once(process.stdout, 'drain');
}
