/** A real process that gets real signals. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { builtProgram } from '../support/built.ts';

test.each([
  ['SIGTERM', 20, 1],
  ['SIGINT', 60_000, 2],
] as const)(
  '%s, grace %i, sent %i times: the pool is closed, and the process ends of it',
  async (signal, grace, times) => {
    const program = builtProgram('test/system/programs', 'closing');
    const child = spawn(process.execPath, [program, String(grace)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = text(child.stdout);
    await once(child.stdout, 'data');
    for (let n = 0; n < times; n++) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const [, diedOf] = await once(child, 'exit');
    expect(diedOf).toBe(signal);
    expect((await output).split('\n').slice(-3)).toEqual(['cancelled', 'closed', '']);
  },
);
