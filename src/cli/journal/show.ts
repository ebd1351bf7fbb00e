/** Runs `taskpool journal`: prints a journal or a view of it. */

import { once } from 'node:events';
import { printEvent } from '../../control/printing/print.ts';
import { printableJsonOf } from '../../printable/text.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { chunksOf } from '../run/output/byte-source.ts';
import { type Printout, partsOf } from '../run/output/printout.ts';
import { visible } from '../visible.ts';
import { batchesOf, type Reading } from './batches.ts';
import { type EndedTasks, endedTasks } from './ended-tasks.ts';
import { type EndedText, failedData, failedItem, result, resultData } from './ended-text.ts';
import { foldJournal } from './fold-journal.ts';
import { type Journal, openJournal } from './open-journal.ts';
import { mayExist } from './place.ts';
import { readRetried } from './retries.ts';
import { stateAt } from './state-at.ts';
import { printState } from './state-text.ts';
import { type Summary, summarizing } from './summary.ts';
import { printSummary, shortSummary, summaryData } from './summary-text.ts';
import { Ticker } from './ticker.ts';
import { printSimulation, whatIf } from './what-if.ts';

/** Which view to show; without any the summary. */
export interface JournalFlags {
  readonly events?: boolean;
  readonly export?: boolean;
  readonly at?: number;
  readonly failed?: boolean;
  readonly results?: boolean;
  readonly whatIf?: readonly string[];
  readonly follow?: boolean;
  readonly json?: boolean;
}

export async function showJournal(path: string, flags: JournalFlags): Promise<void> {
  if (!mayExist(path)) {
    throw new CommandFailed(ExitCode.usage, `expected a journal that exists, got ${visible(path)}`);
  }
  const journal = await openJournal(path, true);
  if (journal.nextSeq === 0 && flags.follow !== true) {
    await journal.close();
    throw new CommandFailed(ExitCode.failed, `expected a journal with events, got none in ${path}`);
  }
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const reading = { follow: flags.follow === true, signal: interrupted.signal };
    await show(journal, reading, flags);
  } finally {
    process.off('SIGINT', onInterrupt);
    await journal.close();
  }
}

function show(journal: Journal, reading: Reading, flags: JournalFlags): Promise<void> {
  const { json = false } = flags;
  if (flags.whatIf !== undefined) return showWhatIf(journal, flags.whatIf, json);
  if (flags.at !== undefined) return showState(journal, flags.at, json);
  if (flags.export === true) return showEvents(journal, reading, true);
  if (flags.events === true) return showEvents(journal, reading, json);
  if (flags.failed === true) return showEnded(journal, reading, json ? failedData : failedItem);
  if (flags.results === true) return showEnded(journal, reading, json ? resultData : result);
  return showSummary(journal, reading, json);
}

/** Writes to the stream and waits for it to drain. */
async function print(printout: Printout): Promise<void> {
  for (const { stream, data } of partsOf(printout)) {
    for (const chunk of chunksOf(data)) {
      // Copied, since the stream may write it after the chunk is reused.
      if (!process[stream].write(Buffer.from(chunk))) await once(process[stream], 'drain');
    }
  }
}

async function showState(journal: Journal, seq: number, json: boolean): Promise<void> {
  const state = await stateAt(journal, seq);
  await print(`${json ? printableJsonOf(state) : printState(state)}\n`);
}

async function showWhatIf(journal: Journal, settings: readonly string[], json: boolean) {
  const simulation = await whatIf(journal, settings);
  await print(`${json ? printableJsonOf(simulation) : printSimulation(simulation, settings)}\n`);
}

async function showEvents(journal: Journal, reading: Reading, json: boolean): Promise<void> {
  const lineOf = json ? printableJsonOf : printEvent;
  for await (const batch of batchesOf(journal, reading)) {
    await print(batch.map((event) => `${lineOf(event)}\n`).join(''));
  }
}

async function showSummary(journal: Journal, reading: Reading, json: boolean): Promise<void> {
  const snapshot = journal.firstSeq === 0 ? undefined : await journal.latestCheckpoint();
  const from = snapshot?.state;
  const ticker = reading.follow ? new Ticker(shortSummary) : undefined;
  const each = (state: Summary) => ticker?.touch(state);
  const summary = await foldJournal(journal, summarizing, { reading, from, each }).finally(() =>
    ticker?.end(),
  );
  const text = json
    ? printableJsonOf(summaryData(journal, summary))
    : printSummary(journal, summary);
  await print(`${text}\n`);
}

async function showEnded(journal: Journal, reading: Reading, textOf: EndedText): Promise<void> {
  // When following, every task is shown as it ends, retried ones too.
  const retried = reading.follow ? undefined : await readRetried(journal);
  const each = async (ended: EndedTasks) => {
    for (const task of ended.take()) await print(textOf(task, ended.run));
  };
  const ended = await foldJournal(journal, endedTasks(retried), { reading, each });
  for (const task of ended.rest()) await print(textOf(task, ended.run));
}
