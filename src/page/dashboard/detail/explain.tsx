/** Explains why something waits, or waited at the shown moment, in the words of the pool. */

import type { JSX } from 'preact';
import { useModel } from '../context.ts';
import { Fact } from './facts.tsx';
import { useAnswer } from './use-answer.ts';

interface WaitsProps {
  /** The id of a task, the key of a submission, or the name of a group. */
  readonly what: number | string;
}

export function Waits({ what }: WaitsProps): JSX.Element {
  const model = useModel();
  const at = model.isLive.value ? undefined : model.shown.value?.seq;
  const args = { what: what as never, ...(at === undefined ? {} : { at }) };
  const answer = useAnswer('explain', args, at !== undefined);
  return <Fact name="waits">{typeof answer === 'object' ? answer.sentence : (answer ?? '…')}</Fact>;
}
