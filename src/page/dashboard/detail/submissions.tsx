/** The submissions of a group that are no tasks yet, the next in line first. */

import type { JSX } from 'preact';
import type { AnswerOf } from '../../../control/client/index.ts';
import { count } from '../../ui/format.ts';
import { useAnswer } from './use-answer.ts';

/** The maximum number listed; all are counted. */
const MOST = 50;

export function Submissions({ group }: { readonly group: string }): JSX.Element | null {
  const answer = useAnswer('submissions', { group, limit: MOST });
  if (typeof answer !== 'object' || answer.total === 0) return null;
  const { total, submissions } = answer;
  return (
    <section aria-label="Submissions that wait">
      <h3>
        {submissions.length < total
          ? `The next ${count(submissions.length)} of ${count(total)} submissions`
          : `${count(total)} submissions wait`}
      </h3>
      <ol class="submissions mono">
        {submissions.map((submission) => (
          <li key={submission.index}>{textOf(submission)}</li>
        ))}
      </ol>
    </section>
  );
}

function textOf(submission: AnswerOf<'submissions'>['submissions'][number]): string {
  const { index, key, priority, isHeld } = submission;
  return [
    `${count(index)}`,
    ...(key === undefined ? [] : [key]),
    ...(priority === 0 ? [] : [`priority ${count(priority)}`]),
    ...(isHeld ? ['waits for its key'] : []),
  ].join(' · ');
}
