/** Turns of the event loop that a pool leaves to others: what they cost before the first one. */

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../support/built.ts';

const PROGRAM = `
import { MemoryStore, TaskPool } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
const journal = new MemoryStore();
const functions = { work: async () => {} };
const pool = new TaskPool({ journal, functions });
pool.map(functions.work, [1, 2, 3]);
await pool.gatherAndClose();
await recoverTaskPool(journal, { functions });
console.log(process.moduleLoadList.filter((name) => /undici|http/.test(name)));
`;

test('nothing is loaded for them, which Node does for an event', () => {
  const args = ['--input-type=module', '-e', PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('[]\n');
});
