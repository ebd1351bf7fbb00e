/** What the command line says of a run. */

import { CommandFailed, ExitCode } from '../exit.ts';
import type { RunHeader, WorkSource } from '../journal/run-header.ts';
import type { ControlAddress } from './arguments/control-address.ts';
import type { HaltRule } from './halt.ts';
import type { ItemFormat } from './input/input.ts';

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
  readonly tty?: boolean;
  readonly halt?: HaltRule;
  readonly journal?: string;
  readonly resume?: string;
  readonly control?: ControlAddress;
  readonly quiet?: boolean;
}

/** What is said of the run itself; what is not said is not there. */
export function givenHeader(paths: readonly string[], flags: RunFlags): Partial<RunHeader> {
  const { tty = false, raw = tty, withItem = false, asCompleted = false } = flags;
  const items = itemFormat(flags);
  return {
    ...givenWork(paths, flags),
    ...(items === undefined ? {} : { items }),
    ...(raw || withItem ? { results: { raw, withItem } } : {}),
    ...(asCompleted ? { isOrdered: false } : {}),
  };
}

/** The same, with what is so unless it is said. @throws CommandFailed if there is no work. */
export function completeHeader({
  work,
  files = ['-'],
  items = 'lines',
  results = { raw: false, withItem: false },
  isOrdered = true,
}: Partial<RunHeader>): RunHeader {
  if (work !== undefined) return { work, files, items, results, isOrdered };
  throw new CommandFailed(
    ExitCode.usage,
    'expected a module, or a command with --exec, got neither',
  );
}

function givenWork(
  paths: readonly string[],
  flags: RunFlags,
): { readonly work?: WorkSource; readonly files?: readonly string[] } {
  const { exec, shell, export: name = 'default' } = flags;
  if (exec !== undefined) {
    return { work: shell === undefined ? { exec } : { exec, shell }, files: orStdin(paths) };
  }
  const [module, ...files] = paths;
  if (module === undefined) return {};
  return { work: { module, export: name }, files: orStdin(files) };
}

function orStdin(files: readonly string[]): readonly string[] {
  return files.length === 0 ? ['-'] : files;
}

function itemFormat({ jsonl = false, null: isNull = false }: RunFlags): ItemFormat | undefined {
  if (jsonl) return 'jsonl';
  return isNull ? 'null' : undefined;
}
