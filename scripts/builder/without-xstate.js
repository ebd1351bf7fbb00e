/**
 * Builds the library without xstate, for the command line and the pages: they use no actors, and a pool without
 * actors only needs the tables compiled from its charts. The page also draws the charts, from their definitions.
 */

import { rolldown } from 'rolldown';

const CHARTS = 'src/machines/charts.ts';

/** The calls that compile the charts. */
const COMPILED = /\btabulate\((task|pool)Machine, [A-Z_]+\)/g;

/** The module in which the page has the definitions as data. */
const DEFINITIONS = 'src/page/dashboard/data/definitions.ts';
const DEFINED = /\b(task|pool)Machine\.definition\b/g;

const NO_ACTORS = `export function createActor() {
  throw new Error('expected no actors here');
}`;

/** A plugin that replaces the charts by compiled tables, and `createActor` by a stub. */
export async function withoutXstate(tsconfig) {
  const charts = await loadCharts(tsconfig);
  const tables = {
    task: tableOf(charts.taskChart),
    pool: tableOf(charts.poolChart),
  };
  const definitions = {
    task: JSON.stringify(charts.taskChart.machine.definition),
    pool: JSON.stringify(charts.poolChart.machine.definition),
  };
  return {
    name: 'without-xstate',
    resolveId(source, importer) {
      return source === 'xstate' && /src.pool.actors./.test(importer) ? '\0no-actors' : null;
    },
    load(id) {
      return id === '\0no-actors' ? NO_ACTORS : null;
    },
    transform(code, id) {
      const file = id.replaceAll('\\', '/');
      if (file.endsWith(CHARTS)) return replaced(code, COMPILED, tables, CHARTS);
      return file.endsWith(DEFINITIONS) ? replaced(code, DEFINED, definitions, DEFINITIONS) : null;
    },
  };
}

/** The code with the calls for both machines replaced by values. */
function replaced(code, pattern, values, file) {
  const parts = code.match(pattern) ?? [];
  if (parts.length !== 2) throw new Error(`expected two charts in ${file}`);
  return code.replace(pattern, (_, name) => values[name]);
}

async function loadCharts(tsconfig) {
  const bundle = await rolldown({ input: CHARTS, tsconfig, platform: 'neutral' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

/** All tags of the states of a machine. */
function tagsOf({ tags, states }) {
  return [...tags, ...Object.values(states).flatMap(tagsOf)];
}

/** The code of a table: the parts of a compiled chart that pools use. */
function tableOf({ states, initial, table, tagged, machine }) {
  const tags = Object.fromEntries(tagsOf(machine.root).map((tag) => [tag, tagged(tag)]));
  return `{
    states: ${JSON.stringify(states)},
    initial: ${initial},
    table: Uint8Array.of(${[...table]}),
    tagged: (tag) => (${JSON.stringify(tags)})[tag] ?? [],
    code(name) {
      const code = this.states.indexOf(name);
      if (code < 0) throw new RangeError('expected one of ' + this.states + ', got ' + name);
      return code;
    },
  }`;
}
