/** Failures of anything but tasks: the journal, the source of a group, a callback. */

import type { JSX } from 'preact';
import { count, plain } from '../../ui/format.ts';
import type { Moment } from '../data/moment.ts';
import type { Trouble } from '../data/reel.ts';
import { FailedAt } from './failed-at.tsx';

/** The failures up to a moment, latest first. */
export function troublesOf({ seq, reel }: Moment): readonly Trouble[] {
  return reel.troubles.filter((trouble) => trouble.seq <= seq).reverse();
}

/** The event of the journal's failure, if there was one by then. */
export function journalFailureOf(moment: Moment): Trouble | undefined {
  return troublesOf(moment).find(({ type }) => type === 'journal.failed');
}

export function TroubleRow({ trouble }: { readonly trouble: Trouble }): JSX.Element {
  const { at, seq, error } = trouble;
  const text = plain(`${error.name}: ${error.message}`);
  return (
    <tr>
      <td class="error" title={text}>
        <b class="bad">{whatFailed(trouble)}</b> <span class="mono soft">{text}</span>
      </td>
      <td class="n soft">–</td>
      <td class="n soft">–</td>
      <FailedAt at={at} seq={seq} />
      <FailedAt at={at} seq={seq} />
    </tr>
  );
}

function whatFailed(trouble: Trouble): string {
  if (trouble.type === 'journal.failed') return 'The journal';
  if (trouble.type === 'group.failed') return `The source of ${plain(trouble.group)}`;
  return `The ${trouble.callback} callback of task ${count(trouble.id)}`;
}
