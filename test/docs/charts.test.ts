/**
 * The pictures of the charts, in `docs/charts/` and as text in `docs/architecture.md`, are drawn
 * from the machines. `npm run docs:charts` draws them anew.
 */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { poolMachine, taskMachine } from 'xstate-taskpool/machines';
import { mermaidOf } from '../../scripts/charts/mermaid.ts';
import { plotOf } from '../../scripts/charts/plot.ts';
import { readChart } from '../../src/charts/chart.ts';
import { layOut } from '../../src/charts/layout.ts';
import { svgOf } from '../../src/charts/svg.ts';

const HINT = 'npm run docs:charts draws the charts anew';
const docs = (path: string): string =>
  fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const charts = [taskMachine, poolMachine].map(({ definition }) => readChart(definition));

test.each(charts)('the picture of the $name chart shows the machine', async (chart) => {
  const svg = svgOf(layOut(chart), { title: `The ${chart.name} chart` });
  await expect(svg).toMatchFileSnapshot(docs(`charts/${chart.name}.svg`), HINT);
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

test('the plot of an adaptive size shows what examples/adaptive-size.ts has recorded', async () => {
  const table = await readFile(docs('charts/adaptive-size.tsv'), 'utf8');
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').map(Number));
  const column = (index: number) => rows.map((row) => row[index] ?? 0);
  const capacity = { name: 'capacity of the server', values: column(1) };
  const title =
    'Size, throughput and latency of a pool whose server halves and doubles its capacity';
  const plot = plotOf(title, column(0), [
    { name: 'Size of the pool', unit: 'tasks at once', values: column(2), beside: capacity },
    { name: 'Throughput', unit: 'requests in a second', values: column(3) },
    { name: 'Latency', unit: 'ms', values: column(4) },
  ]);
  await expect(plot).toMatchFileSnapshot(docs('charts/adaptive-size.svg'), HINT);
});

test('the plot of threads shows what examples/threads has recorded', async () => {
  const table = await readFile(docs('charts/threads.tsv'), 'utf8');
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').map(Number));
  const column = (index: number) => rows.map((row) => row[index] ?? 0);
  const one = { name: 'one thread', values: column(1) };
  const plot = plotOf('Files hashed with one thread, and with two', column(0), [
    { name: 'Two threads', unit: 'files done', values: column(2), beside: one },
  ]);
  await expect(plot).toMatchFileSnapshot(docs('charts/threads.svg'), HINT);
});
