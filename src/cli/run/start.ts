/** Sets up a run from the command line, and returns its exit status. */

import { ExitCode, type ExitStatus } from '../exit.ts';
import type { Journal } from '../journal/open-journal.ts';
import { mayExist } from '../journal/place.ts';
import type { RunHeader } from '../journal/run-header.ts';
import type { TimeoutTerm } from './arguments/durations.ts';
import { describerOf } from './describe.ts';
import { dryRun } from './dry-run.ts';
import { concurrencyOf, dashboardOf, type RunArguments, type RunFlags } from './flags.ts';
import { checkInput, type Input, readItems } from './input/input.ts';
import { readNames } from './input/names.ts';
import { ItemReader } from './input/reader.ts';
import { isFileSource } from './input/sources.ts';
import { countItems } from './input/total.ts';
import { RunningTime } from './items/running-time.ts';
import { type EarlierRun, nothingEarlier } from './journal/earlier-run.ts';
import { completeHeader, givenHeader } from './journal/given-header.ts';
import type { RunJournal } from './journal/run-journal.ts';
import { type Outlets, openOutlets } from './output/outlets.ts';
import { openRunLog } from './output/run-log.ts';
import { showProgress } from './progress/display.ts';
import { summaryLine } from './progress/progress.ts';
import { Run } from './run.ts';
import { refuseEarlyExit } from './stopping/early-exit.ts';
import type { AttemptTerms } from './terms/attempt-terms.ts';
import { checkWork } from './work/load-work.ts';
import { workOf } from './work/workforce.ts';

/** Runs the command line; resolves with the exit status when everything is done and written. */
export async function startRun(given: RunArguments): Promise<ExitStatus> {
  const { flags } = given;
  const { quiet = false, tty = false, dryRun: isDry = false } = flags;
  const outlets = await openOutlets(!quiet && !tty && !isDry);
  const opened = await openRun(given);
  const { journal } = opened;
  const allowExit = refuseEarlyExit();
  try {
    const status = await runOpened(opened, flags, outlets);
    await journal?.close().catch((error: unknown) => {
      // A failed journal cannot be closed cleanly, and the run has reported that already.
      if (status === ExitCode.fine) throw error;
    });
    return status;
  } finally {
    allowExit();
    await journal?.close().catch(() => {});
  }
}

async function runOpened(
  { journal, isResumed, header: unnamed }: OpenedRun,
  flags: RunFlags,
  outlets: Outlets,
): Promise<ExitStatus> {
  const header = await withNames(unnamed);
  const opened = { journal, isResumed, header };
  const isOver = journal !== undefined && isResumed && (await hasNothingLeft(journal, flags));
  if (flags.dryRun === true) {
    if (!isOver) await showPlan(opened, flags);
    return ExitCode.fine;
  }
  if (isOver) {
    const { sayFinished } = await import('./journal/finished.ts');
    return sayFinished(journal, header, flags, outlets.messages);
  }
  return runRest(opened, flags, outlets);
}

/** Reads the names of `--header` from the input, unless the journal has them. */
async function withNames(header: RunHeader): Promise<RunHeader> {
  const { input } = header;
  if (input.hasHeader !== true || input.names !== undefined) return header;
  checkInput(input);
  return { ...header, input: { ...input, names: await readNames(input) } };
}

/** Whether a resumed run was finished already. The readers of journals are loaded on demand. */
async function hasNothingLeft(journal: Journal, flags: RunFlags): Promise<boolean> {
  const { readRemaining } = await import('./journal/read-earlier-run.ts');
  const { isFinished } = await import('./journal/finished.ts');
  return isFinished(await readRemaining(journal), flags);
}

/** The header, and the journal if there is one. */
type OpenedRun = Omit<RunJournal, 'journal'> & { readonly journal: Journal | undefined };

async function openRun(given: RunArguments): Promise<OpenedRun> {
  const { resume, journal = resume, dryRun = false } = given.flags;
  const header = givenHeader(given);
  // A dry run does not create a journal.
  if (journal === undefined || (dryRun && resume === undefined && !mayExist(journal))) {
    return { header: completeHeader(header), journal: undefined, isResumed: false };
  }
  const mustExist = resume !== undefined;
  const { openRunJournal } = await import('./journal/run-journal.ts');
  return openRunJournal(journal, header, { mustExist, readonly: dryRun });
}

/** Prints what remains of a run. */
async function showPlan(opened: OpenedRun, flags: RunFlags): Promise<void> {
  const { header } = opened;
  checkInput(header.input);
  const reader = new ItemReader(readItems(header.input));
  const earlier = await readEarlier(opened, reader, flags);
  await dryRun(describerOf(header), reader, earlier ?? nothingEarlier());
}

/** The state left by earlier processes; undefined if there were none. */
async function readEarlier(
  { journal, isResumed }: OpenedRun,
  reader: ItemReader,
  { resumeFailed = false }: RunFlags,
): Promise<EarlierRun | undefined> {
  if (journal === undefined || !isResumed) return undefined;
  const { readEarlierRun } = await import('./journal/read-earlier-run.ts');
  return readEarlierRun(journal, reader, { retryFailed: resumeFailed });
}

/** Runs what remains of a run. */
async function runRest(opened: OpenedRun, flags: RunFlags, outlets: Outlets): Promise<ExitStatus> {
  const { header, journal, isResumed } = opened;
  const { messages, screen } = outlets;
  // Only one command at a time can use the terminal.
  const { tty = false } = flags;
  const concurrency = concurrencyOf(flags) ?? (tty ? 1 : undefined);
  const { work: source, input } = header;
  // With a cluster, the workers have the module.
  if ('module' in source && flags.cluster === undefined) checkWork(source.module);
  checkInput(input);
  if (readsTerminal(input) && flags.quiet !== true) {
    messages.say('reading items from the terminal, one per line; Ctrl-D ends them');
  }
  if (!tty && flags.quiet !== true) outlets.warnIfDiscarded();
  const { work, processes, close } = await workOf(header, flags, messages);
  const log = openRunLog(header, flags, isResumed);
  const reader = new ItemReader(readItems(input));
  const earlier = await readEarlier(opened, reader, flags);
  const isQuiet = flags.quiet === true;
  const run = new Run({
    header,
    reader,
    total: countItems(input),
    work,
    attempts: attemptTerms(flags, earlier),
    limits: flags,
    log,
    time: new RunningTime(),
    processes,
    concurrency,
    halt: flags.halt,
    control: flags.control,
    dashboard: dashboardOf(flags),
    journal,
    earlier,
    outlets,
  });
  const hideProgress =
    isQuiet || tty ? undefined : showProgress(() => run.standing(), messages, screen);
  const end = (): void => {
    hideProgress?.();
    log.close();
  };
  const status = await run.run().finally(end);
  await close?.();
  if (!isQuiet) messages.say(summaryLine(run.tally));
  return status;
}

/** Terms that are not given stay as they were in the journal. */
function attemptTerms(
  { retries, retryDelay, timeout, deadline }: RunFlags,
  earlier: EarlierRun | undefined,
): AttemptTerms {
  const before = earlier?.attempts ?? {};
  return {
    retries: retries ?? before.retries,
    retryDelay: retryDelay ?? before.retryDelay,
    ...timeoutOf(timeout, before.timeout),
    deadline: deadline ?? before.deadline,
  };
}

/**
 * @param before the timeout in the journal, which a percentage replaces.
 */
function timeoutOf(
  timeout: TimeoutTerm | undefined,
  before: number | undefined,
): Pick<AttemptTerms, 'timeout' | 'timeoutPercent'> {
  if (typeof timeout !== 'object') return { timeout: timeout ?? before };
  const none = before === undefined ? undefined : Number.POSITIVE_INFINITY;
  return { timeout: none, timeoutPercent: timeout.percent };
}

function readsTerminal({ sources }: Input): boolean {
  const readsStdin = sources.some((source) => isFileSource(source) && source.files.includes('-'));
  return readsStdin && process.stdin.isTTY;
}
