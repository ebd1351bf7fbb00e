/** The command line as a bundle: each subcommand a file that is loaded when it is called. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { breakLines, inAscii } from './finish.js';
import { lateChunk } from './late-chunk.js';
import { PLAIN_EXPORTS } from './plain-exports.js';
import { walk } from './syntax-tree.js';

/** Installed by those who need it, or with the package and seldom needed. */
const EXTERNAL = ['bullmq', 'ioredis', 'libsql', 'json5', 'ws'];

/** What runs with a journal need, and what reads one. */
const JOURNALS =
  /src.(journal|remote|node.(journal|redis)|pool.(storing|persistence|recovery)|memory-store|recovery|events.(event-fields|field-checks)|cli.journal.(open-journal|remaining|batches|fold-journal|ticker))\b/;

/** What draws on a terminal. */
const SCREEN = /progress.screen|string-truncated-width/;

/** What few runs call. It is loaded late: V8 takes as long for what is not called as for what is. */
const SELDOM = new RegExp(
  [
    /pool.(explain-state|group-results|task-handle|scope|capture)/,
    /pool.admission.(limits?\b(?!-)|lanes|terms)/,
    /pool.submissions.(?!submissions|making|unique-keys)/,
    /pool.results.(giving-up|ordered-arrivals|first-sink|arriv|group-iterator|marks|task-promise)/,
    /pool.attempt.(retry|errors|stuck|time-limits)/,
    /pool.feeds.(context|awaited)-feed/,
    /pool.calling.(wrapped-call|pending-item|identity)/,
    /machines.(capture|checkpoint-|restore-|pool-snapshot|limit-records|stored-|rate|copy-json)/,
    /journal.(project|upcast|columns)/,
    /kit.(score-heap|recent-times|nearest|later|serial)/,
    /printable.value/,
    /cli.journal.(run-header|place|remaining|batches|fold-journal)/,
    /cli.run.output.(stored-result|live-output|tags|spill-file|joblog|long-result)/,
    /cli.run.input.(packing|shuffle|stdin|columns|trimming)/,
    /cli.run.exec.(group-members|key-template|argument-cost|terminal)/,
    /cli.run.(journal.read-earlier-run|items.relative-timeout|dry-run)/,
    /cli.commands.completion/,
  ]
    .map(({ source }) => `src.${source}[^.]*\\.ts$`)
    .join('|'),
);

/** Not what only some need; what others import of it comes along by itself. */
const SHARED_BY_ALL = new RegExp(
  `^(?!.*(?:.control.|.dashboard.|.statistics.(?!histogram)|.cluster.|json5|node.(?:listening|address-checks|package-root)|${SCREEN.source}|${JOURNALS.source}))`,
);

const MAIN = 'main.cjs';
const IMPORT = 'import';
const ARCHIVE = 'code.json.br';
const RUNTIME = 'rolldown-runtime.cjs';
const REQUIRED_RUNTIME = /require\(["'`]\.\/rolldown-runtime\.cjs["'`]\)/;

/** Its errors are caught, and their lines are not shown: there are few. */
const SHORTEST_LINE = 1000;

const OUTPUT = {
  // CommonJS: Node begins with it sooner than with ES modules.
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  comments: false,
  // Each file takes Node half a millisecond to find and begin, so there are few: what reads the
  // command line, one for each subcommand, and what several of these share: one that all of them
  // load, and those for statistics, journals, clusters and control servers.
  codeSplitting: {
    groups: [
      { name: 'seldom', test: SELDOM, priority: 6, includeDependenciesRecursively: false },
      { name: 'commands', test: /cli.command-line\.ts$/, priority: 7 },
      { name: 'shared', test: SHARED_BY_ALL, minShareCount: 2, priority: 4 },
      { name: 'statistics', test: /src.statistics./, minShareCount: 2, priority: 3 },
      { name: 'journals', test: JOURNALS, minShareCount: 2, priority: 2 },
      { name: 'screen', test: SCREEN, priority: 5 },
      { name: 'control', test: /.control.|json5/, minShareCount: 2, priority: 1 },
      { name: 'cluster', test: /src.cluster./, minShareCount: 2, priority: 1 },
      { name: 'dashboards', minShareCount: 2 },
    ],
  },
  // Its stacks are for no one: what it prints of errors says their names by itself.
  minify: true,
};

/**
 * The parser of the command line loads what starts processes, which takes Node as long as all of the
 * bundle, and never starts any: our subcommands are no programs of their own.
 */
const LATE = {
  name: 'late-child-process',
  resolveId(source, importer) {
    const isParser = source === 'node:child_process' && /node_modules.commander/.test(importer);
    return isParser ? '\0no-processes' : null;
  },
  load: (id) => (id === '\0no-processes' ? 'module.exports = {};' : null),
};

/** Bundles the program `taskpool` with the packages that it uses. @param charts see `withoutXstate`. */
export async function bundleCommandLine(folder, tsconfig, charts) {
  const bundle = await rolldown({
    input: { main: 'src/cli/main.ts', 'command-line': 'src/cli/command-line.ts' },
    tsconfig,
    platform: 'node',
    external: EXTERNAL,
    transform: { inject: { performance: [resolve('src/cli/stopwatch.ts'), 'stopwatch'] } },
    plugins: [charts, LATE, PLAIN_EXPORTS, lateChunk('seldom')],
    // Nobody waits for the seconds that plugins take.
    checks: { bundlerTimings: false },
    // Only so can a group be without what it imports.
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await bundle.generate(OUTPUT);
  await bundle.close();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'LICENSES'), licensesOf(output));
  const files = withRuntime(output).map(([fileName, code]) => {
    const own = fileName === MAIN ? code : importElsewhere(code);
    return [fileName, inAscii(breakLines(own, SHORTEST_LINE))];
  });
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 32);
  const { [MAIN]: main, ...others } = Object.fromEntries(files);
  writeFileSync(join(folder, MAIN), main.replace('__BUILD__', hash), { mode: 0o755 });
  writeFileSync(join(folder, ARCHIVE), brotliCompressSync(JSON.stringify(others)));
}

/** Names and code of all files: what rolldown's own code needs is not loaded, but stands where it is needed. */
function withRuntime(output) {
  const runtime = output.find(({ fileName }) => fileName === RUNTIME).code;
  const inPlace = `(()=>{const exports={};${runtime};return exports})()`;
  return output
    .filter(({ fileName }) => fileName !== RUNTIME)
    .map(({ fileName, code }) => [fileName, code.replace(REQUIRED_RUNTIME, () => inPlace)]);
}

/** What is compiled already cannot import modules: the main file, which never is, does it. */
function importElsewhere(code) {
  const places = [];
  walk(parseAst(code), ({ type, start }) => {
    if (type === 'ImportExpression') places.push(start);
  });
  const keyword = 'import'.length;
  return places.reduceRight(
    (text, at) => `${text.slice(0, at)}require("${IMPORT}")${text.slice(at + keyword)}`,
    code,
  );
}

/** The licences of the packages in the bundle, which want to go with their code. */
function licensesOf(chunks) {
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  const folders = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]);
  const packages = new Set(folders.filter((folder) => folder !== undefined));
  return [...packages].sort().map(licenseOf).join('\n');
}

function licenseOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`expected a licence in ${folder}, which is bundled`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
