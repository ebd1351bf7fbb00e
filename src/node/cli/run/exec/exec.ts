/** Starts the command of an item in a process, and brings what it prints. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { CommandOutput, OutputStream } from '../output/command-output.ts';
import { textOf, type Work } from '../work.ts';
import { ProcessGroup } from './process-group.ts';
import type { Command, Template } from './template.ts';

/** A command may print so much, in bytes: its output is kept in memory until it has ended. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A command that could not be started, or did not end well. */
class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The exit code, the signal that ended it, or why it could not be started. */
  readonly code: number | string;

  constructor(message: string, code: number | string) {
    super(message);
    this.code = code;
  }
}

/** How commands are run. */
export interface ExecOptions {
  /** Milliseconds from SIGTERM to SIGKILL for a command that is to end. */
  readonly killAfter: number;
}

/** The work that runs a command for each item; its result is what the command printed. */
export function execWork(template: Template, options: ExecOptions): Work {
  // Copied once: `process.env` is slow to read, and would be read for each process.
  const env = { ...process.env };
  return (item, { index, signal }, output) => {
    signal.throwIfAborted();
    return new Execution(template(textOf(item), index + 1), env, options, output).run(signal);
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

class Execution {
  readonly #command: Command;
  readonly #child: Child;
  readonly #group: ProcessGroup;
  readonly #output: CommandOutput;
  #isTooLong = false;

  constructor(
    command: Command,
    env: NodeJS.ProcessEnv,
    { killAfter }: ExecOptions,
    output: CommandOutput,
  ) {
    this.#command = command;
    this.#output = output;
    // In a group of its own: the terminal's Ctrl-C is for us to pass on.
    this.#child = spawn(command.file, command.args, {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#group = new ProcessGroup(this.#child, killAfter);
  }

  async run(signal: AbortSignal): Promise<CommandOutput> {
    const terminate = () => this.#group.terminate();
    signal.addEventListener('abort', terminate);
    try {
      const failure = await this.#ended();
      await this.#group.gone();
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      return this.#output;
    } finally {
      signal.removeEventListener('abort', terminate);
    }
  }

  /** Resolves when the process has ended and nobody holds its pipes, with what went wrong. */
  #ended(): Promise<CommandError | undefined> {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#child[stream].on('data', (data: Uint8Array) => this.#take(stream, data));
    }
    return new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        if (this.#child.pid === undefined) resolve(this.#notStarted(error));
      });
      this.#child.once('close', (code, signal) => resolve(this.#failure(code, signal)));
    });
  }

  #take(stream: OutputStream, data: Uint8Array): void {
    this.#isTooLong ||= this.#output.length + data.length > MAX_OUTPUT_BYTES;
    if (this.#isTooLong) this.#group.terminate();
    else this.#output.take(stream, data);
  }

  #failure(code: number | null, signal: NodeJS.Signals | null): CommandError | undefined {
    const { file } = this.#command;
    if (this.#isTooLong) {
      return new CommandError(`${file} printed more than ${MAX_OUTPUT_BYTES} bytes`, 'E2BIG');
    }
    if (signal !== null) return new CommandError(`ended by ${signal}`, signal);
    if (code === 0) return undefined;
    return new CommandError(`exit code ${code}`, code as number);
  }

  #notStarted({ code = '', message }: NodeJS.ErrnoException): CommandError {
    const { file } = this.#command;
    const why = code === 'ENOENT' ? 'there is no such program' : message;
    return new CommandError(`could not start ${file}: ${why}`, code);
  }
}
