/** A process that has ended but that nobody has waited for holds no lock. */

import { hostname } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { mayRun } from '../../../src/node/journal/process-identity.ts';
import { Live } from '../../support/live.ts';

let live: Live;

afterEach(() => live.kill('SIGKILL'));

test('a zombie does not run', async () => {
  // `sh` takes the place of `bash`, the parent of `cat`, which ends with our end of its input: `sh` does not wait for it.
  const script = 'exec 3<&0; cat <&3 & echo $!; exec sh -c "echo begun; exec sleep 600" <&-';
  live = new Live('bash', ['-c', script]);
  await live.until((it) => it.stdout.endsWith('begun\n'));
  const identity = { pid: Number.parseInt(live.stdout, 10), host: hostname() };
  expect(mayRun(identity)).toBe(true);
  live.child.stdin?.end();
  while (mayRun(identity)) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(() => process.kill(identity.pid, 0)).not.toThrow();
});
