/** What the command line says of a run. */

import type { Rate } from '../../index.ts';
import type { ControlAddress } from './arguments/control-address.ts';
import type { TimeoutTerm } from './arguments/durations.ts';
import type { RunDashboard } from './dashboard.ts';
import type { Source } from './input/sources.ts';
import type { Trim } from './input/trimming.ts';
import type { HaltRule } from './stopping/halt.ts';

/** The options of `taskpool run`, as they were parsed. Durations are in milliseconds. */
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
