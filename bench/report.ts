/** Results as markdown for people and as JSON for programs. */
import { availableParallelism, cpus } from 'node:os';
import { judge, type Target, type Verdict } from './judge.ts';
import type { Section } from './model.ts';
import type { Results } from './results.ts';

/** How the run was made. */
export interface RunInfo {
  readonly repeats: number;
  readonly quick: boolean;
  readonly targets: readonly Target[];
}

export function markdown(results: Results, { repeats, quick, targets }: RunInfo): string {
  const verdicts = judge(results, targets);
  const missed = verdicts.filter(({ met }) => !met).length;
  const blocks = [
    `${machine()}. Medians of ${repeats} ${repeats === 1 ? 'repeat' : 'repeats'}; ± is half the distance between the smallest and the largest.`,
    ...(quick ? ['**A quick run: it shows that everything works, its figures mean little.**'] : []),
    ...results.sections.map((section) => sectionTable(results, section)),
  ];
  if (verdicts.length > 0) {
    blocks.push(
      `### Targets: ${verdicts.length - missed} met, ${missed} missed\n\n${targetTable(results, verdicts)}`,
    );
  }
  for (const { node, section, contender, message } of results.failures) {
    blocks.push(`**Failed:** ${section}, ${contender}, ${node}: ${message}`);
  }
  return blocks.join('\n\n');
}

export function json(results: Results, { repeats, quick, targets }: RunInfo): string {
  const { nodes, sections, failures } = results;
  const report = {
    machine: machine(),
    date: new Date().toISOString(),
    repeats,
    quick,
    nodes,
    sections: sections.map(({ id, title, unit, compared = false, contenders }) => ({
      id,
      title,
      unit,
      contenders: contenders.map(({ name, ours }) => ({
        name,
        ours,
        measured: nodes.map((node) => ({
          node,
          median: results.median(node, id, name),
          samples: results.samples(node, id, name),
        })),
      })),
      ratios: compared
        ? pairsOf(contenders).map(([own, other]) => ({
            ours: own.name,
            peer: other.name,
            measured: nodes.map((node) => ({
              node,
              ratio: results.ratio(node, id, own.name, other.name),
            })),
          }))
        : [],
    })),
    targets: judge(results, targets).map(({ target, ...verdict }) => ({
      title: target.title,
      section: target.section,
      unit: target.unit,
      ...verdict,
    })),
    failures,
  };
  return JSON.stringify(report, null, 2);
}

function pairsOf(
  contenders: Section['contenders'],
): (readonly [own: Section['contenders'][number], other: Section['contenders'][number]])[] {
  const others = contenders.filter(({ ours }) => !ours);
  return contenders
    .filter(({ ours }) => ours)
    .flatMap((own) => others.map((other) => [own, other] as const));
}

function sectionTable(
  results: Results,
  { id, title, unit, compared, contenders }: Section,
): string {
  const { nodes } = results;
  const compareWith = compared === true ? contenders.filter(({ ours }) => ours) : [];
  const header = ['', ...nodes, ...compareWith.map(({ name }) => `${name} ÷ it`)];
  const rows = contenders.map(({ name, ours }) => [
    ours ? `**${name}**` : name,
    ...nodes.map((node) =>
      withSpread(results.samples(node, id, name), results.median(node, id, name)),
    ),
    ...compareWith.map((own) =>
      ours ? '' : nodes.map((node) => figure(results.ratio(node, id, own.name, name))).join(' / '),
    ),
  ]);
  return `### ${id}: ${title} (${unit})\n\n${table(header, rows)}`;
}

function targetTable(results: Results, verdicts: readonly Verdict[]): string {
  const judged = new Set(verdicts.map(({ target }) => target));
  const rows = [...judged].map((target) => [
    target.title,
    ...results.nodes.map((node) =>
      cell(verdicts.find((verdict) => verdict.target === target && verdict.node === node)),
    ),
  ]);
  return table(['', ...results.nodes], rows);
}

function cell(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '–';
  const { target, value, limit, met } = verdict;
  const suffix = target.unit === '×' ? '×' : ` ${target.unit}`;
  const sign = target.atLeast === true ? '≥' : '≤';
  return `${figure(value)}${suffix} ${sign} ${limit}${suffix}: ${met ? 'met' : '**missed**'}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function withSpread(samples: readonly number[], middle: number): string {
  const half = (Math.max(...samples) - Math.min(...samples)) / 2;
  return samples.length < 2 ? figure(middle) : `${figure(middle)} ±${figure(half)}`;
}

/** Three significant digits, never an exponent. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  if (Math.abs(value) < 0.01) return value.toFixed(3);
  return value.toPrecision(3);
}

function machine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`;
}
