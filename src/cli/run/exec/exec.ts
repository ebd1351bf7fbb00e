/** Runs the command of an item in a process, and brings what it prints. */

import { tmpdir } from 'node:os';
import { REMOTE } from '../../../index.ts';
import { whenAborted } from '../../../kit/on-abort.ts';
import type { CommandOutput, OutputStream } from '../output/command-output.ts';
import { turn } from '../timers.ts';
import { argumentsOf, type Work } from '../work/work.ts';
import { CommandError } from './command-error.ts';
import { ProcessGroup } from './process-group.ts';
import type { Processes } from './processes.ts';
import { type Child, startProcess } from './start-process.ts';
import type { Template } from './template.ts';

/** How commands are run. */
export interface ExecOptions {
  /** Whether items are lists, whose values are the arguments of a command. */
  readonly hasLists: boolean;
  /** Milliseconds from SIGTERM to SIGKILL for a command that is to end. */
  readonly killAfter: number;
  readonly processes: Processes;
  /** Give commands the terminal; what they print goes there, and is not their result. */
  readonly tty: boolean;
}

/**
 * The work that runs a command for each item; its result is what the command printed. It begins with
 * the process: while there is no room for one, no time counts.
 */
export function execWork(template: Template, options: ExecOptions): Work {
  const { hasLists, killAfter, processes, tty } = options;
  // Copied once: `process.env` is slow to read, and would be read for each process.
  const env = { ...process.env, PARALLEL_PID: String(process.pid) };
  const work: Work = (item, { attempt: number }, attempt) => {
    const { index, signal } = attempt;
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
    return processes.run(start, signal, async (execution) => {
      await execution.end(signal);
      return attempt.output;
    });
  };
  const waitsFor = () => processes.shortage ?? 'its process is being started';
  return Object.assign(work, { [REMOTE]: { functionName: 'process', waitsFor } });
}

/** How a process ended: its exit code, or the signal that ended it. */
type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** A command that has been started. */
class Execution {
  readonly group: ProcessGroup;
  readonly #child: Child;
  readonly #output: CommandOutput;
  readonly #exited: Promise<Exit>;
  /** Why its output cannot be kept. */
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
   * Waits until the command has ended and its output is read. Processes that it has left in the
   * background keep running, unless it was aborted; what they print from then on is not read.
   *
   * @throws CommandError if it did not end well; the reason of the signal if that was aborted.
   */
  async end(signal: AbortSignal): Promise<void> {
    const stopListening = whenAborted(signal, () => this.group.terminate());
    try {
      const exit = await this.#exited;
      await this.group.gone();
      await this.#drained();
      signal.throwIfAborted();
      this.#check(exit);
    } finally {
      stopListening();
    }
  }

  /**
   * Reads what is left in the pipes. They have no end while another process holds them open, but a
   * turn of the event loop reads from each pipe that is not empty.
   */
  async #drained(): Promise<void> {
    const pipes = [this.#child.stdout, this.#child.stderr].filter((pipe) => pipe !== null);
    // What is left is little; it need not wait for the reader of the output.
    this.#isDraining = true;
    for (const pipe of pipes) pipe.resume();
    for (let read = -1; read < this.#output.length; ) {
      if (pipes.every((pipe) => pipe.readableEnded)) return;
      read = this.#output.length;
      // The first one may come before this turn has looked at the pipes.
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
