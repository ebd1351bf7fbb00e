/** From the command line to a run, and from its end to the exit code. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { project } from '../../../index.ts';
import { CommandFailed, ExitCode, type ExitStatus } from '../exit.ts';
import type { Journal } from '../journal/open-journal.ts';
import type { RunHeader } from '../journal/run-header.ts';
import { type Tally, tally } from '../journal/tally.ts';
import { type AttemptOptions, Attempts } from './attempts.ts';
import { describerOf, templateOf } from './describe.ts';
import { dryRun } from './dry-run.ts';
import { isFinished, NOTHING_EARLIER, readEarlierRun } from './earlier-run.ts';
import { execWork } from './exec/exec.ts';
import { Processes } from './exec/processes.ts';
import { checkProgram } from './exec/programs.ts';
import {
  completeHeader,
  concurrencyOf,
  givenHeader,
  type RunArguments,
  type RunFlags,
} from './flags.ts';
import { checkInput, hasLists, type Input, readItems } from './input/input.ts';
import { ItemReader } from './input/reader.ts';
import { isFileSource } from './input/sources.ts';
import { countItems } from './input/total.ts';
import { JobLog } from './output/joblog.ts';
import { label, type Messages } from './output/messages.ts';
import { type Outlets, openOutlets, redirectConsole } from './output/outlets.ts';
import { showProgress } from './progress/display.ts';
import { summaryLine } from './progress/progress.ts';
import { Run } from './run.ts';
import { openRunJournal, type RunJournal } from './run-journal.ts';
import { RunningTime } from './running-time.ts';
import type { Work } from './work.ts';
import { checkModule, loadWork } from './worker.ts';

/** Runs what the command line says; resolves with what to end with when all is done and written. */
export async function startRun(given: RunArguments): Promise<ExitStatus> {
  const { flags } = given;
  const { quiet = false, tty = false, dryRun: isDry = false } = flags;
  const outlets = openOutlets(!quiet && !tty && !isDry);
  const opened = await openRun(given);
  const { journal } = opened;
  try {
    if (flags.dryRun === true) return await showPlan(opened);
    if (journal !== undefined && opened.isResumed && (await isFinished(journal))) {
      const outcome = await project(journal, tally);
      const isNamedToBegin = flags.journal !== undefined;
      if (isNamedToBegin && !outcome.isCutShort) await checkFinishedInput(journal, opened.header);
      return sayFinished(outcome, outlets.messages);
    }
    return await goOn(opened, flags, outlets);
  } finally {
    await journal?.close();
  }
}

/** What is to be run, and its journal if there is one. */
type OpenedRun = Omit<RunJournal, 'journal'> & { readonly journal: Journal | undefined };

async function openRun(given: RunArguments): Promise<OpenedRun> {
  const { resume, journal = resume, dryRun = false } = given.flags;
  const header = givenHeader(given);
  // A dry run does not even begin a journal.
  if (journal === undefined || (dryRun && resume === undefined && !existsSync(journal))) {
    return { header: completeHeader(header), journal: undefined, isResumed: false };
  }
  const mustExist = resume !== undefined;
  return openRunJournal(journal, header, { mustExist, readonly: dryRun });
}

/** Somebody who means to begin a run, and names a journal that is complete, may mean another one. */
async function checkFinishedInput(journal: Journal, { input }: RunHeader): Promise<void> {
  checkFiles(input);
  const reader = new ItemReader(readItems(input));
  const { created } = await readEarlierRun(journal, reader);
  if (!(await reader.fill())) return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected the end of the input after ${created} items, as in the journal of this finished run, ` +
      `got ${label(reader.take())}`,
  );
}

function sayFinished(outcome: Tally, messages: Messages): number {
  const { fulfilled, rejected, cancelled, isCutShort } = outcome;
  messages.say(
    `this run is finished: ${fulfilled} succeeded, ${rejected} failed, ${cancelled} cancelled`,
  );
  const isFine = rejected + cancelled === 0 && !isCutShort;
  return isFine ? ExitCode.fine : ExitCode.failed;
}

/** Prints what is left of a run. */
async function showPlan({ header, journal, isResumed }: OpenedRun): Promise<number> {
  checkFiles(header.input);
  const describe = describerOf(header);
  if (journal !== undefined && isResumed && (await isFinished(journal))) return ExitCode.fine;
  const reader = new ItemReader(readItems(header.input));
  const earlier =
    journal !== undefined && isResumed ? await readEarlierRun(journal, reader) : NOTHING_EARLIER;
  await dryRun(describe, reader, earlier);
  return ExitCode.fine;
}

/** Runs what is left of a run. */
async function goOn(opened: OpenedRun, flags: RunFlags, outlets: Outlets): Promise<ExitStatus> {
  const { header, journal, isResumed } = opened;
  const { messages, screen } = outlets;
  // The terminal is for one at a time.
  const { tty = false } = flags;
  const concurrency = concurrencyOf(flags) ?? (tty ? 1 : undefined);
  const { work: source, input } = header;
  if ('module' in source) checkModule(source.module);
  checkFiles(input);
  if (readsTerminal(input) && flags.quiet !== true) {
    messages.say('items are read from the terminal, a line each; Ctrl-D ends them');
  }
  const { work, processes } = await workOf(header, flags, messages);
  const log = openJobLog(header, flags, isResumed);
  const reader = new ItemReader(readItems(input));
  const earlier =
    journal !== undefined && isResumed ? await readEarlierRun(journal, reader) : undefined;
  const run = new Run({
    header,
    reader,
    total: countItems(input),
    attempts: new Attempts(work, { ...flags, ...log }),
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
  log.close();
  if (!isQuiet) messages.say(summaryLine(run.standing));
  return status;
}

function readsTerminal({ sources }: Input): boolean {
  const readsStdin = sources.some((source) => isFileSource(source) && source.files.includes('-'));
  return readsStdin && process.stdin.isTTY;
}

/** What a journal keeps of an item, in bytes: it holds each output as one event. */
const MAX_BYTES_IN_JOURNAL = 64 * 1024 * 1024;

/** The work, and the processes that it runs in if it is a command. */
interface Workforce {
  readonly work: Work;
  readonly processes: Processes | undefined;
}

async function workOf(
  { work: source, input }: RunHeader,
  flags: RunFlags,
  messages: Messages,
): Promise<Workforce> {
  if ('module' in source) {
    redirectConsole(messages);
    return { work: await loadWork(source.module, source.export), processes: undefined };
  }
  // Node makes its threads when it needs them first, and aborts if there can be no more.
  await stat('.');
  const template = templateOf(source, input);
  if (template.program !== undefined) checkProgram(template.program);
  const { killAfter, tty = false, journal, resume } = flags;
  const isKept = journal !== undefined || resume !== undefined;
  const maxOutput = isKept ? MAX_BYTES_IN_JOURNAL : Number.POSITIVE_INFINITY;
  const wanted = concurrencyOf(flags) ?? availableParallelism();
  const processes = new Processes(wanted, (message) => messages.say(message));
  const options = { hasLists: hasLists(input), killAfter, maxOutput, processes, tty };
  return { work: execWork(template, options), processes };
}

/** The log of `--joblog`, and what adds an item to it. */
function openJobLog(
  header: RunHeader,
  { joblog }: RunFlags,
  isResumed: boolean,
): Pick<AttemptOptions, 'onEnded'> & { close(): void } {
  if (joblog === undefined) return { close() {} };
  const isAppended = joblog.startsWith('+');
  const log = new JobLog(isAppended ? joblog.slice(1) : joblog, isAppended || isResumed);
  const describe = describerOf(header);
  return {
    onEnded({ item, place, slot, triedAt, output }, outcome) {
      const text = describe(item, place, slot);
      const received = output.lengthOf('stdout');
      log.add({ place, startedAt: triedAt, outcome, received, text });
    },
    close: () => log.close(),
  };
}

function checkFiles(input: Input): void {
  try {
    checkInput(input);
  } catch (error) {
    throw new CommandFailed(ExitCode.usage, (error as Error).message);
  }
}
