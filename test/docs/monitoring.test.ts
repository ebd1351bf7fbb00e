/** The dashboard for Grafana and the alert rules: each query is PromQL, and asks for metrics that there are. */

import { readFile } from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { metrics } from 'xstate-taskpool/statistics';
import { parse } from 'yaml';

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../docs/monitoring/${name}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

/** Variables of Grafana stand for what it puts in their place. */
const withoutVariables = (expr: string): string =>
  expr.replaceAll(/\$__rate_interval|\$__interval|\$__range/g, '5m');

/** @throws Error where it is no PromQL. */
function checkPromQl(expr: string): void {
  parser.parse(expr).iterate({
    enter({ type, from }) {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
    },
  });
}

function metricsIn(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter({ name, from, to }) {
      if (name === 'Identifier' && expr.slice(from, to).startsWith('taskpool_')) {
        names.push(expr.slice(from, to));
      }
    },
  });
  return names;
}

/** The queries that the guide explains. */
async function queriesOfGuide(): Promise<string[]> {
  const guide = await readFile(new URL('../../docs/guide/monitoring.md', import.meta.url), 'utf8');
  const [, list = ''] = /Their queries:\n([^#]*)/.exec(guide) ?? [];
  const codes = Array.from(list.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
  return codes.map((code) => code.replaceAll(/\s+/g, ' ')).filter((code) => /taskpool_/.test(code));
}

async function queries(): Promise<Map<string, string>> {
  const { groups } = parse(await read('alerts.yml')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  const { panels } = JSON.parse(await read('grafana.json')) as Dashboard;
  return new Map([
    ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }, place): [string, string] => [
        `${title} ${place}`,
        withoutVariables(expr),
      ]),
    ),
  ]);
}

test('each query is PromQL', async () => {
  const all = await queries();
  expect(all.size).toBeGreaterThan(12);
  for (const expr of all.values()) checkPromQl(expr);
  expect(() => checkPromQl('rate(taskpool_tasks[5m)')).toThrow('no PromQL');
});

test('what is compared in a query has the same labels, or nothing would ever match', async () => {
  const all = [...(await queries()).values(), ...(await queriesOfGuide())];
  const compared = all.filter((expr) => / (and|or) /.test(expr));
  expect(compared).toHaveLength(3);
  for (const expr of compared) {
    for (const side of expr.split(/ and | or /)) expect(side).toMatch(/^sum by \(pool\) \(/);
  }
});

test('each query of the guide is PromQL', async () => {
  const found = await queriesOfGuide();
  expect(found.length).toBeGreaterThanOrEqual(7);
  for (const expr of found) checkPromQl(expr);
});

test('each metric in them is one that a pool has', async () => {
  const pool = new TaskPool({ name: 'p', poolSize: 2, logger: { info() {}, error() {} } });
  const fail = (n: number): number => {
    if (n === 1) throw new RangeError('one');
    return n;
  };
  await pool.map(fail, [1, 2, 3]).settled();
  const text = await metrics(pool, { groups: true });
  await pool.gatherAndClose({ returnExceptions: true });
  const known = new Set(
    text.split('\n').flatMap((line) => /^(?:# TYPE )?(\w+)/.exec(line)?.slice(1) ?? []),
  );
  for (const [title, expr] of await queries()) {
    const names = metricsIn(expr);
    expect(names, title).not.toEqual([]);
    for (const name of names) expect(known, `${title}: ${name}`).toContain(name);
  }
});

test('alert rules say how bad it is and what has happened; no two of them have a name', async () => {
  const { groups } = parse(await read('alerts.yml')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { for: wait = '0s', labels, annotations } of rules) {
    expect(wait).toMatch(/^\d+[smh]$/);
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
  }
});

test('panels have numbers of their own and fit the grid of Grafana', async () => {
  const { panels, templating } = JSON.parse(await read('grafana.json')) as Dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  const variables = new Set(templating.list.map(({ name }) => name));
  const used = (await read('grafana.json')).matchAll(/\$\{?(\w+)/g);
  for (const [, name = ''] of used) {
    if (!name.startsWith('__')) expect(variables).toContain(name);
  }
});
