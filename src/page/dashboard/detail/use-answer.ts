/** A hook that polls the answer of a command while its component is shown. */

import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf, ArgumentsOf } from '../../../control/client/index.ts';
import type { CommandKey } from '../../../control/table.ts';
import { useModel } from '../context.ts';

/** Milliseconds between an answer and the next request. */
const EVERY = 1000;

/**
 * The last answer, or the message of an error; undefined before there is one. Each request waits for the previous
 * answer, so that they do not accumulate.
 *
 * @param isLasting whether the answer never changes, as for a past moment.
 */
export function useAnswer<K extends CommandKey>(
  command: K,
  args: ArgumentsOf<K>,
  isLasting = false,
): AnswerOf<K> | string | undefined {
  const { link } = useModel();
  const [answer, setAnswer] = useState<AnswerOf<K> | string | undefined>(undefined);
  const asked = JSON.stringify(args);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const answer = await link.request(command, args).catch((error: Error) => error.message);
      if (isOver) return;
      setAnswer(answer);
      if (!isLasting) timer = setTimeout(ask, EVERY);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [link, command, asked, isLasting]);
  return answer;
}
