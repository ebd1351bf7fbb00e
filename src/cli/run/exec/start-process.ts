/** Starts a process, and says in plain words why it could not be started. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { withByteArguments } from './byte-arguments.ts';
import { CommandError } from './command-error.ts';
import { ProgramMissing } from './programs.ts';
import type { Command } from './template.ts';
import { openTerminal } from './terminal.ts';

/** A process that has been started. Without pipes it has the terminal, and leads no group. */
export type Child = ChildProcessByStdio<null, Readable | null, Readable | null> & {
  readonly pid: number;
};

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Give it the terminal, in place of pipes that are read. */
  readonly tty: boolean;
}

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
  ERR_INVALID_ARG_VALUE: 'its arguments hold a NUL byte; -0 reads items that end with one',
  ENXIO: 'there is no terminal',
  E2BIG: 'its arguments are too long',
};

/** @throws ProgramMissing, and CommandError; a Shortage if it is worth trying again. */
export async function startProcess(command: Command, options: StartOptions): Promise<Child> {
  const exact = withByteArguments(command);
  try {
    return await (options.tty ? withTerminal(exact, options) : withPipes(exact, options));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const shortage = SHORTAGES[code];
    if (code === 'ENOENT') throw new ProgramMissing(`there is no program ${command.file}`);
    const text = `could not start ${command.file}: ${shortage ?? REASONS[code] ?? message}`;
    throw shortage === undefined
      ? new CommandError(text, code)
      : new Shortage(text, code, shortage);
  }
}

/** How many descriptors starting a process takes for a moment: two pairs, a pipe, and some to spare. */
const DESCRIPTORS = 8;

/**
 * Throws EMFILE where there are too few descriptors. `spawn` does so too, but Node 24 then keeps those
 * that it has opened, until there is none left for anyone.
 */
function checkDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < DESCRIPTORS) opened.push(openSync('/dev/null', 'r'));
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

async function withPipes({ file, args }: Command, { env }: StartOptions): Promise<Child> {
  checkDescriptors();
  // In a group of its own: the terminal's Ctrl-C is for us to pass on.
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  // Without descriptors there are no pipes, whatever the types say.
  for (const pipe of [child.stdout, child.stderr] as (Readable | undefined)[]) {
    pipe?.on('error', () => {});
  }
  return started(child);
}

/** In our group, so that it is in the foreground. Its input is the terminal, since ours has the items. */
function withTerminal({ file, args }: Command, { env }: StartOptions): Promise<Child> {
  const terminal = openTerminal();
  try {
    return started(spawn(file, args, { env, stdio: [terminal, 'inherit', 'inherit'] }));
  } finally {
    closeSync(terminal);
  }
}

function started(child: ChildProcess): Promise<Child> {
  return new Promise((resolve, reject) => {
    // It comes again where a signal could not be sent.
    child.on('error', reject);
    child.once('spawn', () => resolve(child as Child));
  });
}
