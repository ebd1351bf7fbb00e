/** Starts a process and explains failures in plain words. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { withByteArguments } from './byte-arguments.ts';
import { CommandError } from './command-error.ts';
import { ProgramMissing } from './programs.ts';
import type { Command } from './template.ts';
import { openTerminal } from './terminal.ts';

/** A started process. Without pipes it has the terminal, and leads no group. */
export type Child = ChildProcessByStdio<null, Readable | null, Readable | null> & {
  readonly pid: number;
};

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Give it the terminal instead of pipes. */
  readonly tty: boolean;
}

/** A resource needed to start a process is short. */
export class Shortage extends CommandError {
  /** A description of the missing resource. */
  readonly shortage: string;

  constructor(message: string, code: string, shortage: string) {
    super(message, code);
    this.shortage = shortage;
  }
}

/** Error codes of resources that may become available when other processes end. */
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

/**
 * @throws ProgramMissing, CommandError, or Shortage if trying again may help.
 */
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

/** The descriptors that starting a process takes briefly: two pairs, a pipe, and some spare. */
const DESCRIPTORS = 8;

/**
 * Throws EMFILE if there are too few descriptors. `spawn` would throw too, but Node 24 then leaks the descriptors it
 * has opened, until none is left.
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
  // In its own group, so that the terminal's Ctrl-C reaches only us and we decide whether to forward it.
  const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  // Despite the types, the pipes are undefined if there were no descriptors.
  for (const pipe of [child.stdout, child.stderr] as (Readable | undefined)[]) {
    pipe?.on('error', () => {});
    // The pipe is a socket that could also be written: Node would end that side first, which takes another system
    // call.
    pipe?.once('end', () => pipe.destroy());
  }
  return started(child);
}

/**
 * Starts it in our group, so that it is in the foreground. It reads from the terminal, since our stdin has the items.
 */
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
    // Emitted again when a signal could not be sent.
    child.on('error', reject);
    child.once('spawn', () => resolve(child as Child));
  });
}
