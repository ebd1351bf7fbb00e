/** Prints ended tasks: as items to be fed in again, or as results. */

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

/** Formats a task; the header is undefined outside `taskpool run`. */
export type EndedText = (task: EndedTask, run: RunHeader | undefined) => Printout;

/** The items of rejected and cancelled tasks, in the input format of the run. */
export const failedItem: EndedText = (task, run) => bytesFor(STDOUT, failedText(task, run));

function failedText({ outcome, item }: EndedTask, run: RunHeader | undefined): string {
  if (outcome === 'fulfilled') return '';
  if (run === undefined || !hasLists(run.input) || !Array.isArray(item)) return itemText(item, run);
  if (run.input.packing !== undefined && run.input.packing.count !== 0) {
    return item.map((one) => itemText(one, run)).join('');
  }
  return itemText(item.map(textOf).join(run.input.columnSeparator ?? '\t'), run);
}

/** A text in which lone surrogates stand for bytes that are not UTF-8. */
function itemText(item: unknown, run: RunHeader | undefined): string {
  const form = run?.input ?? { format: 'lines' };
  const isText = typeof item === 'string' && form.format !== 'jsonl';
  return `${isText ? item : JSON.stringify(item ?? null)}${delimiterOf(form)}`;
}

/** Rejected and cancelled tasks with item and error, as JSON. */
export const failedData: EndedText = ({ id, outcome, item, error }) =>
  outcome === 'fulfilled' ? '' : `${printableJsonOf({ id, item: item ?? null, outcome, error })}\n`;

/** Results, in the output format of the run; those of other pools as JSON. */
export const result: EndedText = ({ item, result: stored, error }, run) =>
  stored === undefined
    ? ''
    : printedAgain(
        { item, result: stored, error },
        run?.results ?? { raw: false, withItem: false },
      );

/** Results as JSON, each with its item. */
export const resultData: EndedText = ({ item, result: stored, error }) =>
  stored === undefined
    ? ''
    : printedAgain({ item, result: stored, error }, { raw: false, withItem: true });
