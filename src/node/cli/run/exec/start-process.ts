/** Starts a process, and says in plain words why it could not be started. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CommandError } from './command-error.ts';
import type { Command } from './template.ts';

/** A process whose output is read, and that leads a group of its own. */
export type Child = ChildProcessByStdio<null, Readable, Readable> & { readonly pid: number };

/** There is not enough of something to start a process now. */
export class Shortage extends CommandError {
  /** What there is not enough of. */
  readonly shortage: string;

  constructor(message: string, code: string, shortage: string) {
    super(message, code);
    this.shortage = shortage;
  }
}

/** What there may be enough of again when other processes have ended. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EAGAIN: 'there can be no more processes (ulimit -u)',
  EMFILE: 'there can be no more open files (ulimit -n)',
  ENFILE: 'there can be no more open files in the system',
  ENOMEM: 'there is not enough memory',
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  E2BIG: 'its arguments are too long',
};

/** @throws CommandError; a Shortage if it is worth trying again. */
export async function startProcess(command: Command, env: NodeJS.ProcessEnv): Promise<Child> {
  try {
    return await spawned(command, env);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const shortage = SHORTAGES[code];
    const text = `could not start ${command.file}: ${shortage ?? REASONS[code] ?? message}`;
    throw shortage === undefined
      ? new CommandError(text, code)
      : new Shortage(text, code, shortage);
  }
}

function spawned({ file, args }: Command, env: NodeJS.ProcessEnv): Promise<Child> {
  return new Promise((resolve, reject) => {
    // In a group of its own: the terminal's Ctrl-C is for us to pass on.
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    // Emitted in any case, and once more where a signal could not be sent.
    child.on('error', reject);
    // Without descriptors there are no pipes, whatever the types say.
    for (const pipe of [child.stdout, child.stderr] as (Readable | undefined)[]) {
      pipe?.on('error', () => {});
    }
    child.once('spawn', () => resolve(child as Child));
  });
}
