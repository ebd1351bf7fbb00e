/** A process that has ended but that nobody has waited for holds no lock. */

import { hostname } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { mayRun } from '../../../src/node/journal/process-identity.ts';
import { Live } from '../../support/live.ts';

let live: Live;

afterEach(() => live.kill('SIGKILL'));

test('a zombie does not run', async () => {
  // The second program is the parent of the first one, which ends with our end of its input, and does not know.
  live = new Live('bash', ['-c', 'exec 3<&0; cat <&3 & echo $!; exec sleep 600 <&-']);
  await live.until((it) => it.stdout.endsWith('\n'));
  const identity = { pid: Number(live.stdout), host: hostname() };
  expect(mayRun(identity)).toBe(true);
  live.child.stdin?.end();
  while (mayRun(identity)) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(() => process.kill(identity.pid, 0)).not.toThrow();
});
