/** What is printed of tasks that have ended: items to be fed again, or results. */

import { printableJsonOf } from '../../printable/text.ts';
import { STDOUT } from '../descriptors.ts';
import { hasLists } from '../run/input/input.ts';
import { delimiterOf } from '../run/input/records.ts';
import type { Printout } from '../run/output/printout.ts';
import { bytesFor } from '../run/output/shown.ts';
import { printedAgain } from '../run/output/stored-result.ts';
import { textOf } from '../run/work/work.ts';
import type { EndedTask } from './ended-tasks.ts';
import type { RunHeader } from './run-header.ts';

/** What to print of a task, given what the journal is the journal of. */
export type EndedText = (task: EndedTask, run: RunHeader | undefined) => Printout;

/** The items of those that failed or were cancelled, in the form in which a run takes them. */
export const failedItem: EndedText = (task, run) => bytesFor(STDOUT, failedText(task, run));

function failedText({ outcome, item }: EndedTask, run: RunHeader | undefined): string {
  if (outcome === 'fulfilled') return '';
  if (run === undefined || !hasLists(run.input) || !Array.isArray(item)) return itemText(item, run);
  if (run.input.packing !== undefined && run.input.packing.count !== 0) {
    return item.map((one) => itemText(one, run)).join('');
  }
  return itemText(item.map(textOf).join(run.input.columnSeparator ?? '\t'), run);
}

/** A text in which bytes that are not UTF-8 are surrogates. */
function itemText(item: unknown, run: RunHeader | undefined): string {
  const form = run?.input ?? { format: 'lines' };
  const isText = typeof item === 'string' && form.format !== 'jsonl';
  return `${isText ? item : JSON.stringify(item ?? null)}${delimiterOf(form)}`;
}

/** The same with what they failed with, as JSON. */
export const failedData: EndedText = ({ id, outcome, item, error }) =>
  outcome === 'fulfilled' ? '' : `${printableJsonOf({ id, item: item ?? null, outcome, error })}\n`;

/** The results of a run, printed as the run has printed them; those that another pool has kept as JSON. */
export const result: EndedText = ({ item, result: stored, error }, run) =>
  stored === undefined
    ? ''
    : printedAgain(
        { item, result: stored, error },
        run?.results ?? { raw: false, withItem: false },
      );

/** The same as JSON, each with its item. */
export const resultData: EndedText = ({ item, result: stored, error }) =>
  stored === undefined
    ? ''
    : printedAgain({ item, result: stored, error }, { raw: false, withItem: true });
