/** From the command line to a run, and from its end to the exit code. */

import { availableParallelism } from 'node:os';
import { CommandFailed, ExitCode } from '../exit.ts';
import { execWork } from './exec/exec.ts';
import { parseTemplate } from './exec/template.ts';
import type { HaltRule } from './halt.ts';
import { checkInput, type Input, type ItemFormat } from './input/input.ts';
import type { Messages } from './output/messages.ts';
import { openOutlets, redirectConsole } from './output/outlets.ts';
import { showProgress } from './progress/display.ts';
import { summaryLine } from './progress/progress.ts';
import { Run } from './run.ts';
import type { Work } from './work.ts';
import { loadWork } from './worker.ts';

/** The options of `taskpool run`, as they were parsed. Durations are in milliseconds. */
export interface RunFlags {
  readonly exec?: string;
  readonly shell?: string;
  readonly export?: string;
  readonly jsonl?: boolean;
  readonly null?: boolean;
  readonly concurrency?: number;
  readonly asCompleted?: boolean;
  readonly raw?: boolean;
  readonly withItem?: boolean;
  readonly retries: number;
  readonly retryDelay: number;
  readonly timeout?: number;
  readonly killAfter: number;
  readonly halt?: HaltRule;
  readonly quiet?: boolean;
}

/** Runs what the command line says; resolves with the exit code when all is done and written. */
export async function startRun(paths: readonly string[], flags: RunFlags): Promise<number> {
  const { quiet = false } = flags;
  const outlets = openOutlets(!quiet);
  const { messages, screen } = outlets;
  const { work, files } = await workOf(paths, flags, messages);
  const run = new Run(
    work,
    {
      input: inputOf(files, flags),
      concurrency: flags.concurrency ?? availableParallelism(),
      attempts: {
        retries: flags.retries,
        retryDelay: flags.retryDelay,
        timeout: flags.timeout,
      },
      halt: flags.halt,
      isOrdered: flags.asCompleted !== true,
      format: { raw: flags.raw === true, withItem: flags.withItem === true },
    },
    outlets,
  );
  const hideProgress = quiet ? undefined : showProgress(() => run.standing, messages, screen);
  const exitCode = await run.run();
  hideProgress?.();
  if (!quiet) messages.say(summaryLine(run.standing));
  return exitCode;
}

/** What is to be done, and with which files. */
async function workOf(
  paths: readonly string[],
  flags: RunFlags,
  messages: Messages,
): Promise<{ readonly work: Work; readonly files: readonly string[] }> {
  if (flags.exec !== undefined) {
    const template = parseTemplate(flags.exec, flags.shell);
    const onStderr = (output: Uint8Array) => messages.pass(output);
    return { work: execWork(template, { killAfter: flags.killAfter, onStderr }), files: paths };
  }
  const [module, ...files] = paths;
  if (module === undefined) {
    throw new CommandFailed(
      ExitCode.usage,
      'expected a module, or a command with --exec, got neither',
    );
  }
  redirectConsole(messages);
  return { work: await loadWork(module, flags.export ?? 'default'), files };
}

function inputOf(paths: readonly string[], flags: RunFlags): Input {
  const input = { files: paths.length === 0 ? ['-'] : paths, format: formatOf(flags) };
  try {
    checkInput(input);
  } catch (error) {
    throw new CommandFailed(ExitCode.usage, (error as Error).message);
  }
  return input;
}

function formatOf({ jsonl = false, null: isNull = false }: RunFlags): ItemFormat {
  if (jsonl) return 'jsonl';
  return isNull ? 'null' : 'lines';
}
