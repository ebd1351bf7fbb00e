/** What a command answers now, asked for again and again while it is looked at. */

import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf, ArgumentsOf } from '../../../control/client/index.ts';
import type { CommandKey } from '../../../control/table.ts';
import { useModel } from '../context.ts';

/** How long after an answer it is asked for again, in milliseconds. */
const EVERY = 1000;

/**
 * The last answer; the message of an error; undefined before there is one. The next question waits for the
 * answer to the last one, so that they never pile up.
 *
 * @param isLasting whether it never changes, as what was at a place in the past.
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
