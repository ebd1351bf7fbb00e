/**
 * The pictures of the charts, in `docs/charts/` and as text in `docs/architecture.md`, are drawn
 * from the machines. `npm run docs:charts` draws them anew.
 */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';
import { chartOf } from '../../scripts/charts/chart.ts';
import { mermaidOf } from '../../scripts/charts/mermaid.ts';
import { svgOf } from '../../scripts/charts/svg.ts';

const HINT = 'npm run docs:charts draws the charts anew';
const docs = (path: string): string =>
  fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const charts = [chartOf(taskMachine), chartOf(poolMachine)];

test.each(charts)('the picture of the $name chart shows the machine', async (chart) => {
  await expect(svgOf(chart)).toMatchFileSnapshot(docs(`charts/${chart.name}.svg`), HINT);
});

test('the text form of the charts shows the machines', async () => {
  const path = docs('architecture.md');
  let text = await readFile(path, 'utf8');
  for (const chart of charts) {
    const block = new RegExp(`(<!-- ${chart.name} chart -->\n+\`\`\`mermaid\n)[^]*?(\n\`\`\`\n)`);
    expect(text).toMatch(block);
    text = text.replace(block, `$1${mermaidOf(chart)}$2`);
  }
  await expect(text).toMatchFileSnapshot(path, HINT);
});
