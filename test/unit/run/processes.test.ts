/** When the processes of commands are started. */

import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ProcessGroup } from '../../../src/cli/run/exec/process-group.ts';
import { Processes } from '../../../src/cli/run/exec/processes.ts';

test('many are started in several turns of the event loop, in order', async () => {
  const warnings: string[] = [];
  const processes = new Processes(100, (message) => warnings.push(message));
  const { signal } = new AbortController();
  const attempt = { signal, throwIfAborted: () => signal.throwIfAborted() };
  const started: number[] = [];
  const all = Array.from({ length: 100 }, (_, place) => {
    const start = async () => {
      started.push(place);
      return { group: {} as ProcessGroup };
    };
    return processes.run(start, attempt, () => Promise.resolve());
  });
  let turns = 0;
  for (; started.length < 100; turns++) await turn();
  await Promise.all(all);
  expect(turns).toBeGreaterThanOrEqual(5);
  expect(started).toEqual(Array.from({ length: 100 }, (_, place) => place));
  expect(warnings).toEqual([]);
});
