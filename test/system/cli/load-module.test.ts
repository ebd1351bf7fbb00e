/** Modules that do not load: that is said in one line, with the place, and is an invalid command line. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { taskpoolProcess } from '../../support/command-line.ts';

const FILES = {
  'syntax.mjs': 'export default (item) => {\n  return item +* 2;\n};\n',
  'sy n#%41.mjs': 'export default (item) => {\n  return item +* 2;\n};\n',
  'syntax.cjs': 'module.exports = (item) => {\n  return item +* 2;\n};\n',
  'imports.mjs': "import { join } from 'node:path';\nexport { default } from './syntax.mjs';\n",
  'requires.cjs': "module.exports = require('./syntax.cjs');\n",
  'throws.cjs': "throw new Error('no use');\n",
  'exits.mjs': "export default (item) => (item === 'b' ? process.exit(0) : item);\n",
  'waits.mjs': 'await new Promise(() => {});\nexport default (item) => item;\n',
};

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
  ['throws.cjs', 'no use'],
  ['waits.mjs', 'at its top level it waits for something that never comes'],
  ['folder', "Directory import 'FOLDER/folder' is not supported resolving ES modules"],
])('%s', async (name, why) => {
  const ended = await taskpoolProcess(['run', name, ':::', 'a'], { cwd: folder });
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
