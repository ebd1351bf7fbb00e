/** `taskpool journal`: declares its arguments and options. */

import { type Command, Option } from 'commander';
import { newCommand } from '../command.ts';
import { JOURNAL_FORMS } from '../journal/place.ts';
import type { JournalFlags } from '../journal/show.ts';
import { parseCount } from '../run/arguments/counts.ts';

export function journalCommand(): Command {
  const views = ['events', 'export', 'at', 'failed', 'results', 'whatIf'];
  const view = (flags: string, description: string) => {
    const option = new Option(flags, description);
    return option.conflicts(views.filter((name) => name !== option.attributeName()));
  };
  return newCommand('journal')
    .description(
      'Shows a summary of a journal, also while it is written: the pool, its groups, how long ' +
        'tasks took, and what failed. It is never changed.',
    )
    .argument('<file>', JOURNAL_FORMS)
    .addOption(view('--events', 'show the events'))
    .addOption(view('--export', 'print the events as JSON, as far as they can be read'))
    .addOption(view('--at <seq>', 'show the state after an event').argParser(parseCount(0)))
    .addOption(view('--failed', 'show the items that failed, so that they can be fed again'))
    .addOption(view('--results', 'show the results of a run, in the order of its input'))
    .addOption(
      view(
        '--what-if <setting...>',
        'simulate the recorded tasks with pool-size=N, num-concurrent=N, limits.NAME.concurrent=N, ' +
          'limits.NAME.rate=N/TIME, aging=MS or arrivals=at-once|recorded',
      ),
    )
    .addOption(
      new Option('--follow', 'follow the journal until the pool is closed, or Ctrl-C').conflicts([
        'at',
        'whatIf',
      ]),
    )
    .option('--json', 'show JSON, one value a line')
    .action(async (path: string, flags: JournalFlags) => {
      // Loaded on demand, so that other commands start faster.
      const { showJournal } = await import('../journal/show.ts');
      await showJournal(path, flags);
    });
}
