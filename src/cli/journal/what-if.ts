/** `taskpool journal --what-if`: what would have been with other settings. */

import { printTable } from '../../control/print.ts';
import {
  type GroupFigures,
  type RunFigures,
  type SimulateOptions,
  type Simulation,
  simulate,
} from '../../simulation/index.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { durationOf } from '../run/progress/progress.ts';
import { foldJournal } from './fold-journal.ts';
import type { Journal } from './open-journal.ts';
import { summarizing } from './summary.ts';

/** @throws CommandFailed for settings that there are not, and a journal without its first events. */
export async function whatIf(journal: Journal, settings: readonly string[]): Promise<Simulation> {
  const options = Object.assign({}, ...settings.map(optionOf)) as SimulateOptions;
  if (journal.firstSeq > 0) {
    const message = `expected a journal with its first event, got one from event ${journal.firstSeq} on`;
    throw new CommandFailed(ExitCode.failed, message);
  }
  // A run reads its input as it needs it: its items were there from the start.
  const { run } = await foldJournal(journal, summarizing);
  const arrivals = run === undefined ? 'recorded' : 'atOnce';
  return simulate(journal.read(), { arrivals, ...options });
}

function optionOf(setting: string): SimulateOptions {
  const [, name, value] = /^([a-z-]+)=(.+)$/.exec(setting) ?? [];
  if (name === 'arrivals' && value === 'at-once') return { arrivals: 'atOnce' };
  if (name === 'arrivals' && value === 'recorded') return { arrivals: 'recorded' };
  const count = Number(value);
  if (Number.isSafeInteger(count) && count > 0) {
    if (name === 'pool-size') return { poolSize: count };
    if (name === 'num-concurrent') return { numConcurrent: count };
  }
  throw new CommandFailed(
    ExitCode.usage,
    `expected pool-size=N, num-concurrent=N or arrivals=at-once|recorded, got ${setting}`,
  );
}

/** Both sides beside each other. */
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
