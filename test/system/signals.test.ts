/** A real process that gets real signals. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { builtProgram } from '../support/built.ts';

test.each([
  ['SIGTERM', 20, 1],
  ['SIGINT', 60_000, 2],
] as const)(
  '%s with a grace of %i ms, sent %i times, closes the pool and ends the process',
  async (signal, grace, times) => {
    const program = builtProgram('test/system/programs/closing.ts');
    const child = spawn(process.execPath, [program, String(grace)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    await once(child.stdout, 'data');
    child.kill(signal);
    if (times === 2) {
      // One that comes before the first one was handled is lost.
      while (!output.includes('closing')) await once(child.stdout, 'data');
      child.kill(signal);
    }
    const [, diedOf] = await closed;
    expect(diedOf).toBe(signal);
    expect(output).toBe('running\nclosing\ncancelled\nclosed\n');
  },
);
