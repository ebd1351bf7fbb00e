/** What is printed of tasks that have ended: items to be fed again, or results. */

import { bytesOfText } from '../run/byte-text.ts';
import type { Printout } from '../run/output/printout.ts';
import { printedAgain } from '../run/output/stored-result.ts';
import type { EndedTask } from './ended-tasks.ts';
import type { RunHeader } from './run-header.ts';

/** What to print of a task, given what the journal is the journal of. */
export type EndedText = (task: EndedTask, run: RunHeader | undefined) => Printout;

/** The items of those that failed or were cancelled, in the form in which a run takes them. */
export const failedItem: EndedText = ({ outcome, item }, run) => {
  if (outcome === 'fulfilled') return '';
  if (run?.items === 'null') return bytesOfText(`${String(item)}\0`);
  const isText = typeof item === 'string' && run?.items !== 'jsonl';
  return isText ? bytesOfText(`${item}\n`) : `${JSON.stringify(item ?? null)}\n`;
};

/** The same with what they failed with, as JSON. */
export const failedData: EndedText = ({ id, outcome, item, error }) =>
  outcome === 'fulfilled' ? '' : `${JSON.stringify({ id, item: item ?? null, outcome, error })}\n`;

/** The results of a run, printed as the run has printed them. */
export const result: EndedText = ({ item, result: stored, error }, run) =>
  stored === undefined || run === undefined
    ? ''
    : printedAgain({ item, result: stored, error }, run.results);

/** The same as JSON, each with its item. */
export const resultData: EndedText = ({ item, result: stored, error }) =>
  stored === undefined
    ? ''
    : printedAgain({ item, result: stored, error }, { raw: false, withItem: true });
