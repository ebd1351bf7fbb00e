/** From the command line to a run, and from its end to the exit code. */

import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { CommandFailed, ExitCode, type ExitStatus } from '../exit.ts';
import type { Journal } from '../journal/open-journal.ts';
import type { WorkSource } from '../journal/run-header.ts';
import { tallyOf } from '../journal/tally.ts';
import { Attempts } from './attempts.ts';
import { isFinished, readEarlierRun } from './earlier-run.ts';
import { execWork } from './exec/exec.ts';
import { Processes } from './exec/processes.ts';
import { parseTemplate } from './exec/template.ts';
import { completeHeader, givenHeader, type RunFlags } from './flags.ts';
import { checkInput, type Input, readItems } from './input/input.ts';
import { ItemReader } from './input/reader.ts';
import { countItems } from './input/total.ts';
import type { Messages } from './output/messages.ts';
import { type Outlets, openOutlets, redirectConsole } from './output/outlets.ts';
import { showProgress } from './progress/display.ts';
import { summaryLine } from './progress/progress.ts';
import { Run } from './run.ts';
import { beginJournal, type RunJournal, resumeJournal } from './run-journal.ts';
import { RunningTime } from './running-time.ts';
import type { Work } from './work.ts';
import { loadWork } from './worker.ts';

/** Runs what the command line says; resolves with what to end with when all is done and written. */
export async function startRun(paths: readonly string[], flags: RunFlags): Promise<ExitStatus> {
  const { quiet = false, tty = false } = flags;
  const outlets = openOutlets(!quiet && !tty);
  const opened = await openRun(paths, flags);
  const { journal } = opened;
  try {
    if (journal !== undefined && opened.isResumed && (await isFinished(journal))) {
      return await sayFinished(journal, outlets.messages);
    }
    return await goOn(opened, flags, outlets);
  } finally {
    await journal?.close();
  }
}

/** What is to be run, and its journal if there is one. */
type OpenedRun = Omit<RunJournal, 'journal'> & { readonly journal: Journal | undefined };

async function openRun(paths: readonly string[], flags: RunFlags): Promise<OpenedRun> {
  const given = givenHeader(paths, flags);
  const complete = () => completeHeader(given);
  if (flags.resume !== undefined) return resumeJournal(flags.resume, given, complete);
  if (flags.journal !== undefined) return beginJournal(flags.journal, complete());
  return { header: complete(), journal: undefined, isResumed: false };
}

async function sayFinished(journal: Journal, messages: Messages): Promise<number> {
  const { fulfilled, rejected, cancelled, isCutShort } = await tallyOf(journal);
  messages.say(
    `this run is finished: ${fulfilled} succeeded, ${rejected} failed, ${cancelled} cancelled`,
  );
  const isFine = rejected + cancelled === 0 && !isCutShort;
  return isFine ? ExitCode.fine : ExitCode.failed;
}

/** Runs what is left of a run. */
async function goOn(opened: OpenedRun, flags: RunFlags, outlets: Outlets): Promise<ExitStatus> {
  const { header, journal, isResumed } = opened;
  const { messages, screen } = outlets;
  // The terminal is for one at a time.
  const { tty = false, concurrency = tty ? 1 : undefined } = flags;
  const input: Input = { files: header.files, format: header.items };
  checkFiles(input);
  const { work, processes } = await workOf(header.work, flags, messages);
  const reader = new ItemReader(readItems(input));
  const earlier =
    journal !== undefined && isResumed ? await readEarlierRun(journal, reader) : undefined;
  const run = new Run({
    header,
    reader,
    total: countItems(input),
    attempts: new Attempts(work, flags),
    time: new RunningTime(),
    processes,
    concurrency,
    halt: flags.halt,
    control: flags.control,
    journal,
    earlier,
    outlets,
  });
  const isQuiet = flags.quiet === true;
  const hideProgress =
    isQuiet || tty ? undefined : showProgress(() => run.standing, messages, screen);
  const status = await run.run();
  hideProgress?.();
  if (!isQuiet) messages.say(summaryLine(run.standing));
  return status;
}

/** The work, and the processes that it runs in if it is a command. */
interface Workforce {
  readonly work: Work;
  readonly processes: Processes | undefined;
}

async function workOf(
  source: WorkSource,
  { killAfter, concurrency = availableParallelism(), tty = false }: RunFlags,
  messages: Messages,
): Promise<Workforce> {
  if ('module' in source) {
    redirectConsole(messages);
    return { work: await loadWork(source.module, source.export), processes: undefined };
  }
  // Node makes its threads when it needs them first, and aborts if there can be no more.
  await stat('.');
  const template = parseTemplate(source.exec, source.shell);
  const processes = new Processes(concurrency, (message) => messages.say(message));
  return { work: execWork(template, { killAfter, processes, tty }), processes };
}

function checkFiles(input: Input): void {
  try {
    checkInput(input);
  } catch (error) {
    throw new CommandFailed(ExitCode.usage, (error as Error).message);
  }
}
