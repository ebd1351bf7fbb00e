/** `npm run bench:journal`: what it costs to keep a journal on the disk. */
import { fileURLToPath } from 'node:url';
import { benchmark } from '../command.ts';
import type { Scale, Section } from '../model.ts';
import { appendSections } from './appending.ts';
import { flushSection } from './flushing.ts';
import { inSharedFolder } from './folders.ts';
import { openSection } from './opening.ts';
import { poolSection } from './pools.ts';
import { readSection, sizeSection } from './reading.ts';
import { cancelSection, drainSection } from './recovering.ts';
import { inSharedRedis } from './redis.ts';
import { targets } from './targets.ts';

const usage = `npm run bench:journal -- [options]

  --only append   only these sections (append-off, append-fsync-100, append-fsync-1000, read, size,
                  W1, flush, open, drain, cancel-recovered), or those that begin like this
  --repeats N     measurements of each contender, whose median counts (default 5)
  --node PATH     measure on this Node too, side by side with the current one; may be repeated
  --quick         small runs, to see that everything works; no figures to quote
  --json          JSON to stdout instead of markdown
`;

function sections(scale: Scale): Section[] {
  return [
    ...appendSections(scale),
    readSection(scale),
    sizeSection(scale),
    poolSection(scale),
    flushSection(scale),
    openSection(scale),
    drainSection(scale),
    cancelSection(scale),
  ];
}

await inSharedFolder(() =>
  inSharedRedis(() =>
    benchmark({ program: fileURLToPath(import.meta.url), usage, sections, targets }),
  ),
);
