/** What the command line says of a run. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Rate } from '../../index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import type { GivenHeader, RunHeader, WorkSource } from '../journal/run-header.ts';
import type { ControlAddress } from './arguments/control-address.ts';
import type { TimeoutTerm } from './arguments/durations.ts';
import type { RunDashboard } from './dashboard.ts';
import { argumentCost } from './exec/argument-cost.ts';
import type { HaltRule } from './halt.ts';
import type { Input } from './input/input.ts';
import type { Packing } from './input/packing.ts';
import type { ItemFormat } from './input/records.ts';
import { newSeed } from './input/shuffle.ts';
import { type Source, STDIN } from './input/sources.ts';

/** The options of `taskpool run`, as they were parsed. Durations are in milliseconds. */
export interface RunFlags {
  readonly exec?: string;
  readonly shell?: string;
  readonly export?: string;
  readonly jsonl?: boolean;
  readonly null?: boolean;
  readonly colsep?: string;
  readonly maxReplaceArgs?: number;
  readonly X?: boolean;
  readonly shuf?: boolean;
  readonly concurrency?: number;
  readonly jobs?: number;
  readonly asCompleted?: boolean;
  readonly lineBuffer?: boolean;
  readonly tag?: boolean;
  readonly raw?: boolean;
  readonly withItem?: boolean;
  readonly retries?: number;
  readonly retryDelay?: number;
  readonly timeout?: TimeoutTerm;
  readonly deadline?: number;
  readonly rate?: Rate;
  readonly key?: string;
  readonly perKey?: number;
  readonly delay?: number;
  readonly load?: number;
  readonly memfree?: number;
  readonly killAfter: number;
  readonly tty?: boolean;
  readonly halt?: HaltRule;
  readonly dryRun?: boolean;
  readonly joblog?: string;
  readonly journal?: string;
  readonly resume?: string;
  readonly resumeFailed?: boolean;
  readonly control?: ControlAddress;
  readonly dashboard?: boolean;
  readonly port?: number;
  readonly open?: boolean;
  readonly cluster?: string;
  readonly redis?: string;
  readonly prefix?: string;
  readonly quiet?: boolean;
}

/** All that the command line says. */
export interface RunArguments {
  /** The module, if it is no command, and the paths of the input. */
  readonly paths: readonly string[];
  /** What follows `:::` and the like. */
  readonly sources: readonly Source[];
  readonly flags: RunFlags;
}

/** Items that are with the workers of a cluster at once: those that they have no room for wait in Redis. */
const IN_CLUSTER = 256;

/** How many items are worked on at once; undefined if that is not said. */
export function concurrencyOf({ concurrency, jobs, cluster }: RunFlags): number | undefined {
  return concurrency ?? jobs ?? (cluster === undefined ? undefined : IN_CLUSTER);
}

/** The dashboard that is to be served; undefined if there is to be none. */
export function dashboardOf({
  port,
  open = false,
  dashboard = open || port !== undefined,
}: RunFlags): RunDashboard | undefined {
  if (!dashboard) return undefined;
  return { open, ...(port === undefined ? {} : { port }) };
}

/** What is said of the run itself; what is not said is not there. */
export function givenHeader(given: RunArguments): GivenHeader {
  const { flags } = given;
  const { tty = false, raw = tty, withItem = false, asCompleted, tag, lineBuffer, key } = flags;
  const work = givenWork(given);
  const sources = givenSources(given, work !== undefined);
  const isOfOutput = tag === true || lineBuffer === true;
  return {
    ...(work === undefined ? {} : { work }),
    input: { ...(sources === undefined ? {} : { sources }), ...givenForm(flags) },
    ...(raw || withItem || isOfOutput
      ? {
          results: {
            raw: raw || isOfOutput,
            withItem,
            ...(tag === true ? { tag } : {}),
            ...(lineBuffer === true ? { live: lineBuffer } : {}),
          },
        }
      : {}),
    ...(asCompleted === true || lineBuffer === true ? { isOrdered: false } : {}),
    ...(key === undefined ? {} : { key }),
  };
}

/** The same, with what is so unless it is said. @throws CommandFailed if there is no work. */
export function completeHeader({
  work,
  input,
  results = { raw: false, withItem: false },
  isOrdered = true,
  key,
}: GivenHeader): RunHeader {
  if (work === undefined) {
    throw new CommandFailed(
      ExitCode.usage,
      'expected a module, or a command with --exec, got neither; --exec {} takes each item as a command',
    );
  }
  const complete: Input = { sources: [STDIN], format: 'lines', ...input };
  return { work, input: complete, results, isOrdered, ...(key === undefined ? {} : { key }) };
}

function givenWork({ paths: [module], flags }: RunArguments): WorkSource | undefined {
  const { exec, shell, export: name = 'default' } = flags;
  if (exec !== undefined) return shell === undefined ? { exec } : { exec, shell };
  if (module === undefined) return undefined;
  return { module: inJournal(module, flags), export: name };
}

/** Where work is named and no input, that is stdin. */
function givenSources(
  { paths, sources, flags }: RunArguments,
  hasWork: boolean,
): readonly Source[] | undefined {
  const files = flags.exec === undefined ? paths.slice(1) : paths;
  const named: Source[] =
    files.length === 0 ? [] : [{ files: files.map((file) => inJournal(file, flags)) }];
  const all = [...named, ...sources.map((source) => absolute(source, flags))];
  if (all.length > 0) return all;
  return hasWork ? [STDIN] : undefined;
}

function absolute(source: Source, flags: RunFlags): Source {
  if (!('files' in source)) return source;
  return { ...source, files: source.files.map((file) => inJournal(file, flags)) };
}

/** A run can be resumed from any folder. */
function inJournal(path: string, { journal, resume }: RunFlags): string {
  const isKept = journal !== undefined || resume !== undefined;
  return isKept && path !== '-' ? resolve(path) : path;
}

/** What is made of the input. */
function givenForm(flags: RunFlags): Partial<Input> {
  const format = itemFormat(flags);
  const packing = packingOf(flags);
  return {
    ...(format === undefined ? {} : { format }),
    ...(flags.colsep === undefined ? {} : { columnSeparator: flags.colsep }),
    ...(packing === undefined ? {} : { packing }),
    ...(flags.shuf === true ? { shuffle: newSeed() } : {}),
  };
}

function itemFormat({ jsonl = false, null: isNull = false }: RunFlags): ItemFormat | undefined {
  if (jsonl) return 'jsonl';
  return isNull ? 'null' : undefined;
}

/** What xargs and GNU parallel take for the length of a command line, in bytes. */
const COMMAND_LINE_BYTES = 128 * 1024;

function packingOf(flags: RunFlags): Packing | undefined {
  const { maxReplaceArgs: count, X: isFull = false } = flags;
  if (count === undefined && !isFull) return undefined;
  const spread = concurrencyOf(flags) ?? availableParallelism();
  return {
    ...(count === undefined ? {} : { count }),
    ...(isFull
      ? { fill: { bytes: COMMAND_LINE_BYTES, ...argumentCost(flags.exec ?? ''), spread } }
      : {}),
  };
}
