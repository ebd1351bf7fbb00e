/** Runs the command of an item in a process and captures its output. */

import { tmpdir } from 'node:os';
import { REMOTE } from '../../../index.ts';
import type { CommandOutput, OutputStream } from '../output/command-output.ts';
import { turn } from '../timers.ts';
import { type Attempt, argumentsOf, type Work } from '../work/work.ts';
import { CommandError } from './command-error.ts';
import { ProcessGroup } from './process-group.ts';
import type { Processes } from './processes.ts';
import { type Child, startProcess } from './start-process.ts';
import type { Template } from './template.ts';

/** Options of running commands. */
export interface ExecOptions {
  /** Whether items are lists whose values are the arguments of a command. */
  readonly hasLists: boolean;
  /** Milliseconds from SIGTERM to SIGKILL when a command is aborted. */
  readonly killAfter: number;
  readonly processes: Processes;
  /** Give commands the terminal: their output goes there and is not captured. */
  readonly tty: boolean;
}

/**
 * The work that runs a command for each item; its result is the output. It begins when the process starts, so that
 * waiting for a free process does not count as running time.
 */
export function execWork(template: Template, options: ExecOptions): Work {
  const { hasLists, killAfter, processes, tty } = options;
  // Copied once, since reading `process.env` for each process is slow.
  const env = { ...process.env, PARALLEL_PID: String(process.pid) };
  const work: Work = (item, { attempt: number }, attempt) => {
    const { index } = attempt;
    const args = argumentsOf(item, hasLists);
    const command = template.command({ args, place: index + 1, slot: attempt.slot });
    const variables = {
      ...env,
      PARALLEL_SEQ: String(index + 1),
      PARALLEL_JOBSLOT: String(attempt.slot),
      TASKPOOL_ATTEMPT: String(number),
    };
    const start = async () => {
      const child = await startProcess(command, { env: variables, tty });
      attempt.begin(`pid ${child.pid}`);
      return new Execution(child, killAfter, attempt.output);
    };
    return processes.run(start, attempt, async (execution) => {
      await execution.end(attempt);
      return attempt.output;
    });
  };
  const waitsFor = () => processes.shortage ?? 'its process is being started';
  return Object.assign(work, { [REMOTE]: { functionName: 'process', waitsFor } });
}

/** The exit code, or the signal that ended the process. */
type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** A started command. */
class Execution {
  readonly group: ProcessGroup;
  readonly #child: Child;
  readonly #output: CommandOutput;
  readonly #exited: Promise<Exit>;
  /** Set if its output cannot be stored. */
  #loss: CommandError | undefined = undefined;
  #isDraining = false;

  constructor(child: Child, killAfter: number, output: CommandOutput) {
    this.group = new ProcessGroup(child, killAfter);
    this.#child = child;
    this.#output = output;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on('data', (data: Uint8Array) => this.#take(stream, data));
    }
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve([code, signal]));
    });
  }

  /**
   * Waits until the command has ended and its output is read. Background processes that it started keep running,
   * unless it was aborted; their later output is ignored.
   *
   * @throws CommandError if the command failed; the abort reason if the attempt was aborted.
   */
  async end(attempt: Attempt): Promise<void> {
    let isOver = false;
    attempt.onAbort(() => {
      // Another process may have its number by then.
      if (!isOver) this.group.terminate();
    });
    try {
      const exit = await this.#exited;
      await this.group.gone();
      await this.#drained();
      attempt.throwIfAborted();
      this.#check(exit);
    } finally {
      isOver = true;
    }
  }

  /**
   * Reads the rest of the pipes. They do not end while another process holds them open, but one turn of the event
   * loop reads from each pipe that is not empty.
   */
  async #drained(): Promise<void> {
    const pipes = [this.#child.stdout, this.#child.stderr].filter((pipe) => pipe !== null);
    // The rest is small, so it need not wait for the reader of our output.
    this.#isDraining = true;
    for (const pipe of pipes) pipe.resume();
    for (let read = -1; read < this.#output.length; ) {
      if (pipes.every((pipe) => pipe.readableEnded)) return;
      read = this.#output.length;
      // The first immediate may run before this turn has polled the pipes.
      await turn();
      await turn();
    }
    for (const pipe of pipes) pipe.destroy();
  }

  #take(stream: OutputStream, data: Uint8Array): void {
    if (this.#loss !== undefined) return;
    try {
      this.#output.take(stream, data);
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const where = `in ${tmpdir()}, the folder that TMPDIR names`;
      this.#loss = new CommandError(`could not keep its output ${where}: ${message}`, code);
      this.group.terminate();
      return;
    }
    const room = this.#isDraining ? undefined : this.#output.room();
    if (room === undefined) return;
    const source = this.#child[stream]?.pause();
    void room.then(() => source?.resume());
  }

  #check([code, signal]: Exit): void {
    if (this.#loss !== undefined) throw this.#loss;
    if (signal !== null) throw new CommandError(`ended by ${signal}`, signal);
    if (code !== 0) throw new CommandError(`exit code ${code}`, code as number);
  }
}
