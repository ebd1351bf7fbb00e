/**
 * The library without xstate, for the command line and the page: there nobody looks at an actor, and a pool that
 * has none needs no more of the charts than the tables that they are compiled to. The page draws them, too.
 */

import { rolldown } from 'rolldown';

const CHARTS = 'src/machines/charts.ts';

/** What the file of the charts says of each. */
const COMPILED = /\btabulate\((task|pool)Machine, [A-Z_]+\)/g;

/** Where the page has them as data. */
const DEFINITIONS = 'src/page/dashboard/data/definitions.ts';
const DEFINED = /\b(task|pool)Machine\.definition\b/g;

const NO_ACTORS = `export function createActor() {
  throw new Error('expected no actors here');
}`;

/** A plugin that puts tables in place of the charts, and nothing in place of actors. */
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

/** The code with values in place of what is said of both machines. */
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

/** Every tag of the states of a machine. */
function tagsOf({ tags, states }) {
  return [...tags, ...Object.values(states).flatMap(tagsOf)];
}

/** Code of what pools use of a compiled chart. */
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
