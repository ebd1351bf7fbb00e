/** `--dry-run`: prints what would be done for each item, and does nothing. */

import { once } from 'node:events';
import { printable } from '../../printable/text.ts';
import { isTerminal, STDOUT } from '../descriptors.ts';
import type { DescribeJob } from './describe.ts';
import type { ItemReader } from './input/reader.ts';
import type { EarlierRun } from './journal/earlier-run.ts';
import { bytesOfText } from './work/byte-text.ts';

/** Prints the items that were open in an earlier run, and all that the reader gives. */
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

/** A terminal would obey some of what items hold; everybody else gets the bytes of them. */
async function print(line: string): Promise<void> {
  const shown = isTerminal(STDOUT) ? printable(line) : line;
  if (!process.stdout.write(bytesOfText(`${shown}\n`))) await once(process.stdout, 'drain');
}
