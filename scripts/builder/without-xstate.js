/**
 * The library without xstate, for the command line: there nobody looks at an actor, and a pool that
 * has none needs no more of the charts than the tables that they are compiled to.
 */

import { rolldown } from 'rolldown';

const CHARTS = 'src/machines/charts.ts';

/** What the file of the charts says of each. */
const COMPILED = /\btabulate\((task|pool)Machine, [A-Z_]+\)/g;

const NO_ACTORS = `export function createActor() {
  throw new Error('expected no actors in the command line');
}`;

/** A plugin that puts tables in place of the charts, and nothing in place of actors. */
export async function withoutXstate(tsconfig) {
  const charts = await loadCharts(tsconfig);
  const tables = {
    task: tableOf(charts.taskChart),
    pool: tableOf(charts.poolChart),
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
      if (!id.replaceAll('\\', '/').endsWith(CHARTS)) return null;
      const parts = code.match(COMPILED) ?? [];
      if (parts.length !== 2) throw new Error(`expected two charts in ${CHARTS}`);
      return code.replace(COMPILED, (_, name) => tables[name]);
    },
  };
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
