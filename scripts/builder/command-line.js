/** Bundles the command line: the code of each subcommand is a file that is loaded when the subcommand is called. */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { breakLines, inAscii } from './finish.js';
import { lateImports } from './late-imports.js';
import { PLAIN_EXPORTS } from './plain-exports.js';
import { walk } from './syntax-tree.js';

/** Packages not bundled: optional ones, and dependencies that are rarely needed. */
const EXTERNAL = ['bullmq', 'ioredis', 'libsql', 'json5', 'ws'];

/** Needed by runs with a journal, and by everything that reads one. */
const JOURNALS =
  /src.(journal|remote|node.(journal|redis)|pool.(storing|persistence|recovery)|memory-store|recovery|events.(event-fields|field-checks)|cli.journal.(open-journal|remaining|batches|fold-journal|ticker))\b/;

/** Needed to draw on a terminal. */
const SCREEN = /progress.screen|string-truncated-width/;

/** Rarely called, therefore loaded late: V8 takes time for code even if it is not called. */
const SELDOM = new RegExp(
  [
    /pool.(explain-state|group-results|task-handle|scope|capture)/,
    /pool.admission.(limits?\b(?!-)|lanes|terms)/,
    /pool.submissions.(?!submissions|making|unique-keys)/,
    /pool.results.(giving-up|first-sink|group-iterator|marks)/,
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

/** Everything except what only some subcommands need; the imports of that need not be listed. */
const SHARED_BY_ALL = new RegExp(
  `^(?!.*(?:.control.|.dashboard.|.statistics.(?!histogram)|.cluster.|json5|node.(?:listening|address-checks|package-root)|${SCREEN.source}|${JOURNALS.source}))`,
);

/** Modules that Node itself loads when it starts, and chunks that each subcommand needs. */
const isAtHand = (id) =>
  /^node:(buffer|events|fs|module|os|path|process|timers|url|util)$|command-line|shared|runtime/.test(
    id,
  );

const MAIN = 'main.cjs';
const IMPORT = 'import';
const ARCHIVE = 'code.json.br';
const RUNTIME = 'rolldown-runtime.cjs';
const REQUIRED_RUNTIME = /require\(["'`]\.\/rolldown-runtime\.cjs["'`]\)/;

/** Long, since errors are caught and lines of this code are never shown. */
const SHORTEST_LINE = 1000;

const OUTPUT = {
  // Node starts CommonJS faster than ES modules.
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  comments: false,
  // Node takes half a millisecond to find and start a file, so there are few: one that parses the command line, one
  // for each subcommand, and those shared by several subcommands: one that all of them load, and those for
  // statistics, journals, clusters and control servers.
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
  // Stack traces are not needed: the command line prints errors by their names.
  minify: true,
};

/**
 * Leaves out `node:child_process`, which the parser of the command line imports for subcommands that are programs of
 * their own. We have none, and loading it takes Node as long as the whole bundle.
 */
const NO_PROCESSES = {
  name: 'no-processes',
  resolveId(source, importer) {
    const isParser = source === 'node:child_process' && /node_modules.commander/.test(importer);
    return isParser ? '\0no-processes' : null;
  },
  load: (id) => (id === '\0no-processes' ? 'module.exports = {};' : null),
};

/** Bundles the program `taskpool` with the packages it uses. @param charts see `withoutXstate`. */
export async function bundleCommandLine(folder, tsconfig, charts) {
  const bundle = await rolldown({
    input: { main: 'src/cli/main.ts', 'command-line': 'src/cli/command-line.ts' },
    tsconfig,
    platform: 'node',
    external: EXTERNAL,
    transform: { inject: { performance: [resolve('src/cli/stopwatch.ts'), 'stopwatch'] } },
    plugins: [charts, NO_PROCESSES, PLAIN_EXPORTS, lateImports({ isAtHand, late: './seldom.cjs' })],
    // The durations of plugins are of no interest.
    checks: { bundlerTimings: false },
    // Required for groups that do not include their imports.
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

/** The names and code of all files, with the runtime of rolldown inserted where it is used instead of loaded. */
function withRuntime(output) {
  const runtime = output.find(({ fileName }) => fileName === RUNTIME).code;
  const inPlace = `(()=>{const exports={};${runtime};return exports})()`;
  return output
    .filter(({ fileName }) => fileName !== RUNTIME)
    .map(({ fileName, code }) => [fileName, code.replace(REQUIRED_RUNTIME, () => inPlace)]);
}

/** Cached code cannot import modules, so the main file, which is never cached, does it. */
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

/** The licences of the bundled packages, which must be distributed with their code. */
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
