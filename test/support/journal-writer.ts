/** A process that writes a journal: `test/system/journal/programs/writer.ts`. */

import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { builtProgram } from './built.ts';
import { Running } from './running.ts';
import type { DurableKind } from './stores.ts';

const PROGRAM = 'test/system/journal/programs/writer.ts';

/** What a writer is started with. */
export interface WriterOptions {
  readonly options?: object;
  /** How many events there are to be at last. Default: no end. */
  readonly limit?: number;
  /** What to run it with. Default: `node`. */
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

  /** The last event that was said to be stored; -1 if there is none. */
  get stored(): number {
    return Number([...this.output.matchAll(/^stored (\d+)\n/gm)].at(-1)?.[1] ?? -1);
  }

  /** Kills it, when it has said so often that it has stored something. */
  async killAfter(times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.says(/stored \d+\n/);
    this.kill('SIGKILL');
    await this.exitCode;
  }
}
