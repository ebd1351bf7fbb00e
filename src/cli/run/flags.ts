/** The options of `taskpool run`. */

import type { Rate } from '../../index.ts';
import type { ControlAddress } from '../control-address.ts';
import type { TimeoutTerm } from './arguments/durations.ts';
import type { RunDashboard } from './dashboard.ts';
import type { Source } from './input/sources.ts';
import type { Trim } from './input/trimming.ts';
import type { HaltRule } from './stopping/halt.ts';

/** The options as parsed. Durations are in milliseconds. */
export interface RunFlags {
  readonly exec?: string;
  readonly shell?: string;
  readonly export?: string;
  readonly jsonl?: boolean;
  readonly null?: boolean;
  readonly delimiter?: string;
  readonly argFile?: readonly string[];
  readonly link?: boolean;
  readonly header?: true;
  readonly trim?: Trim;
  readonly colsep?: string;
  readonly maxReplaceArgs?: number;
  readonly X?: boolean;
  readonly m?: boolean;
  readonly xargs?: boolean;
  readonly shuf?: boolean;
  readonly concurrency?: number;
  readonly jobs?: number;
  readonly keepOrder?: boolean;
  readonly asCompleted?: boolean;
  readonly lineBuffer?: boolean;
  readonly tag?: boolean;
  readonly tagstring?: string;
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

/** The whole command line of `taskpool run`. */
export interface RunArguments {
  /** The module, unless `--exec` is given, and the paths of input files. */
  readonly paths: readonly string[];
  /** The sources after `:::` and its variants. */
  readonly sources: readonly Source[];
  readonly flags: RunFlags;
}

/** Items sent to the workers of a cluster concurrently: those that exceed their capacity wait in Redis. */
const IN_CLUSTER = 256;

/** The number of items processed concurrently; undefined if it is not given. */
export function concurrencyOf({ concurrency, jobs, cluster }: RunFlags): number | undefined {
  return concurrency ?? jobs ?? (cluster === undefined ? undefined : IN_CLUSTER);
}

/** The options of the dashboard; undefined if none is to be served. */
export function dashboardOf({
  port,
  open = false,
  dashboard = open || port !== undefined,
}: RunFlags): RunDashboard | undefined {
  if (!dashboard) return undefined;
  return { open, ...(port === undefined ? {} : { port }) };
}
