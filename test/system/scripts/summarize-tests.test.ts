/** What CI says of its test runs, from reports of real ones. */

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
const SUMMARIZE = join(ROOT, 'scripts/summarize-tests.js');

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
}

function node(args: readonly string[], cwd: string, env = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env } };
    const child = execFile(process.execPath, args, options, (_, stdout) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout });
    });
  });
}

/** Of a run of tests with Vitest, each tried twice at most. */
async function summaryOf(tests: string): Promise<Ended> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'test'));
  await writeFile(join(folder, 'test/some.test.js'), tests);
  const config = `{ test: { globals: true, retry: 1, reporters: ['json'], outputFile: 'report.json' } }`;
  await writeFile(join(folder, 'vitest.config.js'), `export default ${config};`);
  const { exitCode } = await node([VITEST, 'run'], folder);
  return node([SUMMARIZE, 'Some tests', 'report.json', String(exitCode)], folder);
}

test('what failed, was skipped or passed when tried again is listed with its first error', async () => {
  const { exitCode, stdout } = await summaryOf(`
    let tries = 0;
    describe('a server', () => {
      it('answers', () => expect(++tries).toBe(2));
      it('ends', () => {});
    });
    it('fails', () => { throw new Error('no'); });
    it.skip('is skipped', () => {});
  `);
  const listed = [
    'Some tests: 2 passed, 2 failed',
    '  failed:',
    '    test/some.test.js: fails',
    '      Error: no',
    '    test/some.test.js: is skipped (skipped)',
    '  passed when tried again:',
    '    test/some.test.js: a server answers',
    '      AssertionError: expected 1 to be 2 // Object.is equality',
    '2 passed, 2 failed',
    '',
  ];
  expect(stdout.split('\n').filter((line) => !/^ +at /.test(line))).toEqual(listed);
  expect(exitCode).toBe(1);
});

test('what passed when tried again does not fail the run', async () => {
  const retried = { fullName: 'one', status: 'passed', failureMessages: ['no'] };
  const folder = await temporaryFolder();
  const report = { testResults: [{ name: join(folder, 'a.js'), assertionResults: [retried] }] };
  await writeFile(join(folder, 'report.json'), JSON.stringify(report));
  const { exitCode, stdout } = await node([SUMMARIZE, 'Some tests', 'report.json', '0'], folder);
  expect(stdout).toContain('  passed when tried again:\n    a.js: one\n      no\n');
  expect(exitCode).toBe(0);
});

test('a run without a report, or whose runner failed all the same, is a failure', async () => {
  const { exitCode, stdout } = await node([SUMMARIZE, 'Lost', 'nowhere.json', '1'], ROOT);
  expect(stdout).toMatch(/^Lost: 0 passed, 1 failed\n {2}failed:\n {4}no report \(ENOENT/);
  expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
  expect(exitCode).toBe(1);
});
