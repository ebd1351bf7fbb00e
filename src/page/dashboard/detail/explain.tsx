/** Why something waits, or waited at the place in time that is shown, in the words of the pool. */

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useModel } from '../context.ts';
import { Fact } from './facts.tsx';

/** So often the pool is asked anew while it goes on waiting, in milliseconds. */
const EVERY = 1000;

interface WaitsProps {
  /** The id of a task, the key of a submission, or the name of a group. */
  readonly what: number | string;
}

/** Asked again once the answer is there, and a while later: questions never pile up. */
export function Waits({ what }: WaitsProps): JSX.Element | null {
  const model = useModel();
  const at = model.isLive.value ? undefined : model.shown.value?.seq;
  const [sentence, setSentence] = useState<string | undefined>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const answer = await model.link
        .request('explain', { what: what as never, ...(at === undefined ? {} : { at }) })
        .then(
          (explanation) => explanation.sentence,
          (error: Error) => error.message,
        );
      if (isOver) return;
      setSentence(answer);
      if (at === undefined) timer = setTimeout(ask, EVERY);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [model, what, at]);
  return <Fact name="waits">{sentence ?? '…'}</Fact>;
}
