/** A process that has ended but that nobody has waited for holds no lock. */

import { hostname } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { mayRun } from '../../../src/node/journal/process-identity.ts';
import { Live } from '../../support/live.ts';

let live: Live;

afterEach(() => live.kill('SIGKILL'));

test('a zombie does not run', async () => {
  live = new Live('bash', ['-c', 'sleep 600 & echo $!; exec cat']);
  // A shell waits for its children between any two commands. Once `cat` answers, it is the parent, and never does.
  live.child.stdin?.write('cat\n');
  await live.until((it) => it.stdout.endsWith('cat\n'));
  const identity = { pid: Number.parseInt(live.stdout, 10), host: hostname() };
  expect(mayRun(identity)).toBe(true);
  process.kill(identity.pid, 'SIGKILL');
  while (mayRun(identity)) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(() => process.kill(identity.pid, 0)).not.toThrow();
});
