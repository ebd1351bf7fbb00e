/** A process that writes a journal: `test/system/journal/programs/writer.ts`. */

import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { builtProgram } from './built.ts';
import { Running } from './running.ts';
import type { DurableKind } from './stores.ts';

const PROGRAM = 'test/system/journal/programs/writer.ts';

/** Options of a writer. */
export interface WriterOptions {
  readonly options?: object;
  /** How many events to write in total. Default: no limit. */
  readonly limit?: number;
  /** The command that runs it. Default: `node`. */
  readonly command?: readonly string[];
}

export class JournalWriter extends Running {
  static start(
    kind: DurableKind,
    path: string,
    { options = {}, limit = Infinity, command = [process.execPath] }: WriterOptions = {},
  ): JournalWriter {
    const json = JSON.stringify({ ...kind.options, ...options });
    const [program = '', ...args] = command;
    const child = spawn(program, [
      ...args,
      builtProgram(PROGRAM),
      kind.type,
      path,
      json,
      String(limit),
    ]);
    const writer = new JournalWriter(child);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await writer.exitCode;
    });
    return writer;
  }

  /** The last event that was reported as stored; -1 if there is none. */
  get stored(): number {
    return Number([...this.output.matchAll(/^stored (\d+)\n/gm)].at(-1)?.[1] ?? -1);
  }

  /** Kills it after it has reported a number of stores. */
  async killAfter(times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.says(/stored \d+\n/);
    this.kill('SIGKILL');
    await this.exitCode;
  }
}
