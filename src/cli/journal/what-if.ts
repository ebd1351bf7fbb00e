/** `taskpool journal --what-if`: simulates a recorded run with other settings. */

import { printTable } from '../../control/printing/print.ts';
import { LimitNotFound, type LimitOptions, type Rate } from '../../index.ts';
import {
  type GroupFigures,
  type RunFigures,
  type SimulateOptions,
  type Simulation,
  simulate,
} from '../../simulation/index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { parseRate } from '../run/arguments/rates.ts';
import { durationOf } from '../run/progress/progress.ts';
import { visible } from '../visible.ts';
import { foldJournal } from './fold-journal.ts';
import type { Journal } from './open-journal.ts';
import { summarizing } from './summary.ts';

/**
 * @throws CommandFailed for unknown settings, and for a journal without its first events.
 */
export async function whatIf(journal: Journal, settings: readonly string[]): Promise<Simulation> {
  const options = optionsOf(settings);
  if (journal.firstSeq > 0) {
    const message = `expected a journal with its first event, got one from event ${journal.firstSeq} on`;
    throw new CommandFailed(ExitCode.failed, message);
  }
  // A run reads its input on demand, so its items count as available from the start.
  const { run } = await foldJournal(journal, summarizing);
  const arrivals = run === undefined ? 'recorded' : 'atOnce';
  try {
    return await simulate(journal.read(), { arrivals, ...options });
  } catch (error) {
    if (error instanceof LimitNotFound) throw new CommandFailed(ExitCode.usage, error.message);
    throw error;
  }
}

/** Matches a setting of a named limit. */
const OF_LIMIT = /^limits\.(?<name>.+)\.(?<what>concurrent|rate)=(?<value>[^=]+)$/;

/** Parses the settings; those of the same limit are merged. */
function optionsOf(settings: readonly string[]): SimulateOptions {
  const limits: Record<string, LimitOptions> = {};
  const options = settings.map((setting) => {
    const { name, what, value = '' } = OF_LIMIT.exec(setting)?.groups ?? {};
    if (name === undefined) return optionOf(setting);
    const said =
      what === 'rate' ? { rate: rateOf(value) } : { concurrent: countOf(setting, value) };
    limits[name] = { ...limits[name], ...said };
    return { limits };
  });
  return Object.assign({}, ...options) as SimulateOptions;
}

function optionOf(setting: string): SimulateOptions {
  const [, name, value = ''] = /^([a-z-]+)=(.+)$/.exec(setting) ?? [];
  if (name === 'arrivals' && value === 'at-once') return { arrivals: 'atOnce' };
  if (name === 'arrivals' && value === 'recorded') return { arrivals: 'recorded' };
  if (name === 'pool-size') return { poolSize: countOf(setting, value) };
  if (name === 'num-concurrent') return { numConcurrent: countOf(setting, value) };
  if (name === 'aging') return { aging: countOf(setting, value) };
  return refuse(setting);
}

function countOf(setting: string, value: string): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? count : refuse(setting);
}

function rateOf(value: string): Rate {
  try {
    return parseRate(value);
  } catch (error) {
    throw new CommandFailed(ExitCode.usage, (error as Error).message);
  }
}

/** @throws CommandFailed */
function refuse(setting: string): never {
  throw new CommandFailed(
    ExitCode.usage,
    'expected pool-size=N, num-concurrent=N, limits.NAME.concurrent=N, limits.NAME.rate=N/TIME, aging=MS or ' +
      `arrivals=at-once|recorded, got ${visible(setting)}`,
  );
}

/** Recorded and simulated figures side by side. */
export function printSimulation(simulation: Simulation, settings: readonly string[]): string {
  const { recorded, simulated, leftOut } = simulation;
  const rows = [
    ['', 'recorded', settings.join(' ')],
    ['tasks', String(recorded.tasks), String(simulated.tasks)],
    ...timeRows(recorded, simulated),
    ['utilisation', shareOf(recorded), shareOf(simulated)],
  ];
  const groups = Object.entries(recorded.groups).map(([name, group]) => {
    const other = simulated.groups[name] ?? group;
    return printTable([[name, `${group.tasks} tasks`, ''], ...timeRows(group, other)]);
  });
  const notes =
    leftOut === 0 ? [] : [`${leftOut} tasks that did not run to their end are left out`];
  return [printTable(rows), ...(groups.length > 1 ? groups : []), ...notes].join('\n\n');
}

function timeRows(recorded: GroupFigures, simulated: GroupFigures): string[][] {
  return [
    ['makespan', durationOf(recorded.makespan), durationOf(simulated.makespan)],
    ['waiting p50', durationOf(recorded.waiting.p50), durationOf(simulated.waiting.p50)],
    ['waiting p95', durationOf(recorded.waiting.p95), durationOf(simulated.waiting.p95)],
  ];
}

function shareOf({ utilisation }: RunFigures): string {
  return utilisation === undefined ? 'no limit' : `${Math.round(100 * utilisation)} %`;
}
