/** Modules that do not load: that is said in one line, with the place, and is an invalid command line. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { taskpool, taskpoolProcess } from '../../support/command-line.ts';

const FILES = {
  'syntax.mjs': 'export default (item) => {\n  return item +* 2;\n};\n',
  'sy n#%41.mjs': 'export default (item) => {\n  return item +* 2;\n};\n',
  'syntax.cjs': 'module.exports = (item) => {\n  return item +* 2;\n};\n',
  'lacks.mjs': "import { join } from 'node:path';\nimport { no } from './throws-text.mjs';\n",
  'sy n#%41-lacks.mjs': "export { no as default } from './throws-text.mjs';\n",
  'lacks-deep.mjs': "export { default } from './lacks.mjs';\n",
  'fails.mjs': "\nthrow new Error('no use');\n",
  'throws-text.mjs': "export const yes = true;\nthrow 'no use';\n",
  'imports.mjs': "import { join } from 'node:path';\nexport { default } from './syntax.mjs';\n",
  'requires.cjs': "module.exports = require('./syntax.cjs');\n",
  'throws.cjs': "throw new Error('no use');\n",
  'exits.mjs': "export default (item) => (item === 'b' ? process.exit(0) : item);\n",
  'waits.mjs': 'await new Promise(() => {});\nexport default (item) => item;\n',
};

/** Modules after which a process has nothing left to do, or that it cannot load twice; and one of each other kind. */
const AS_PROCESSES = [
  ...['waits.mjs', 'lacks.mjs', 'sy n#%41-lacks.mjs', 'lacks-deep.mjs'],
  ...['syntax.mjs', 'requires.cjs'],
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-modules-'));
  await mkdir(join(folder, 'folder'));
  for (const [name, code] of Object.entries(FILES)) await writeFile(join(folder, name), code);
});

afterAll(() => rm(folder, { recursive: true }));

test.concurrent.each([
  ['syntax.mjs', "SyntaxError: Unexpected token '*' (FOLDER/syntax.mjs:2)"],
  ['sy n#%41.mjs', "SyntaxError: Unexpected token '*' (FOLDER/sy n#%41.mjs:2)"],
  ['syntax.cjs', "SyntaxError: Unexpected token '*' (FOLDER/syntax.cjs:2)"],
  ['imports.mjs', "SyntaxError: Unexpected token '*' (FOLDER/syntax.mjs:2)"],
  ['requires.cjs', "SyntaxError: Unexpected token '*' (FOLDER/syntax.cjs:2)"],
  [
    'lacks.mjs',
    "SyntaxError: The requested module './throws-text.mjs' does not provide an export named 'no' (FOLDER/lacks.mjs:2)",
  ],
  [
    'sy n#%41-lacks.mjs',
    "SyntaxError: The requested module './throws-text.mjs' does not provide an export named 'no' (FOLDER/sy n#%41-lacks.mjs:1)",
  ],
  [
    'lacks-deep.mjs',
    "SyntaxError: The requested module './throws-text.mjs' does not provide an export named 'no' (FOLDER/lacks.mjs:2)",
  ],
  ['throws.cjs', 'no use'],
  ['fails.mjs', 'no use (FOLDER/fails.mjs:2:7)'],
  ['waits.mjs', 'at its top level it waits for something that never comes'],
  ['folder', "Directory import 'FOLDER/folder' is not supported resolving ES modules"],
])('%s', async (name, why) => {
  const run = AS_PROCESSES.includes(name) ? taskpoolProcess : taskpool;
  const ended = await run(['run', name, ':::', 'a'], { cwd: folder });
  const stderr = ended.stderr.replaceAll(folder, 'FOLDER').replace(/ \(FOLDER\/throws\S+/, '');
  expect({ ...ended, stderr }).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `taskpool: expected a module that loads, got ${name}: ${why}\n`,
  });
});

test('a function that ends the process has not done all', async () => {
  const args = ['run', '-q', '-r', '-j', '1', 'exits.mjs', ':::', 'a', 'b', 'c'];
  expect(await taskpoolProcess(args, { cwd: folder })).toEqual({
    exitCode: 1,
    stdout: 'a\n',
    stderr: 'taskpool: process.exit() was called before all was done\n',
  });
});

test.each([
  ['an ES module', 'once.mjs', 'export default (item) => item;'],
  ['one that waits at its top level', 'once-later.mjs', 'await 0;\nexport default (item) => item;'],
  [
    'one that fails after it has waited',
    'once-failing.mjs',
    "await 0;\nthrow new Error('no use');",
  ],
  [
    'one that exports then',
    'once-then.mjs',
    'export const then = () => {};\nexport default (item) => item;',
  ],
  [
    'one that has another value required',
    'once-other.mjs',
    "const no = () => 'no';\nexport { no as 'module.exports' };\nexport default (item) => item;",
  ],
  ['a CommonJS module', 'once.cjs', 'module.exports = (item) => item;'],
  ['a module of either kind', 'once.js', 'module.exports = (item) => item;'],
])('%s is evaluated once', async (_, name, code) => {
  await writeFile(join(folder, name), `console.error('evaluated');\n${code}\n`);
  const { stdout, stderr } = await taskpool(['run', '-q', name, ':::', 'a'], { cwd: folder });
  const isFailing = code.includes('throw');
  expect(stdout).toBe(isFailing ? '' : '"a"\n');
  expect(stderr.replaceAll(folder, 'FOLDER')).toBe(
    `evaluated\n${isFailing ? 'taskpool: expected a module that loads, got once-failing.mjs: no use (FOLDER/once-failing.mjs:3:7)\n' : ''}`,
  );
});

test('what hooks make of a module is run', async () => {
  const hooks = `export const load = async (url, context, next) => {
    const loaded = await next(url, context);
    if (!url.endsWith('hooked.mjs')) return loaded;
    return { ...loaded, source: 'export default () => "by hooks";' };
  };`;
  const register = `import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n`;
  await writeFile(join(folder, 'hooks.mjs'), hooks);
  await writeFile(join(folder, 'register.mjs'), register);
  await writeFile(join(folder, 'hooked.mjs'), 'export default () => "as it is";\n');
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'register.mjs'))}` };
  const args = ['run', '-q', 'hooked.mjs', ':::', 'a'];
  expect(await taskpoolProcess(args, { cwd: folder, env })).toEqual({
    exitCode: 0,
    stdout: '"by hooks"\n',
    stderr: '',
  });
});
