/** A hook for completions of a line being typed, from the server. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

export interface Completion {
  /** The line up to the word that a candidate replaces. */
  readonly before: string;
  readonly candidates: readonly string[];
}

/** The completion of a line, as the server has answered. */
interface Answered extends Completion {
  readonly line: string;
}

const NOTHING: Answered = { line: '', before: '', candidates: [] };

export function useCompletion(model: Model, line: string): Completion {
  const [answered, setAnswered] = useState(NOTHING);
  useEffect(() => {
    let isOver = false;
    model.link.request('complete', { line }).then(
      ({ word, candidates }) => {
        const before = line.slice(0, line.length - word.length);
        if (!isOver) setAnswered({ line, before, candidates });
      },
      () => {
        if (!isOver) setAnswered(NOTHING);
      },
    );
    return () => {
      isOver = true;
    };
  }, [model, line]);
  return line === answered.line ? answered : narrow(answered, line);
}

/** What an answer offers after more was typed: the user may be faster than the server. */
function narrow({ line: asked, before, candidates }: Answered, line: string): Completion {
  const isContinued = line.startsWith(asked);
  const word = line.slice(before.length);
  return {
    before,
    candidates: isContinued ? candidates.filter((candidate) => candidate.startsWith(word)) : [],
  };
}
