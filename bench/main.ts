/** `npm run bench`: the cost of a task here and in other libraries, measured in one run. */
import { fileURLToPath } from 'node:url';
import { benchmark } from './command.ts';
import { targets } from './targets.ts';
import { allSections } from './workloads/index.ts';

const usage = `npm run bench -- [options]

  --only W1,W4    only these workloads (W1 … W8, eager, control, threads) or sections (W1-dropped)
  --repeats N     measurements of each contender, whose median counts (default 5)
  --node PATH     measure on this Node too, side by side with the current one; may be repeated
  --quick         small runs, to see that everything works; no figures to quote
  --json          JSON to stdout instead of markdown
`;

await benchmark({
  program: fileURLToPath(import.meta.url),
  usage,
  sections: allSections,
  targets,
});
