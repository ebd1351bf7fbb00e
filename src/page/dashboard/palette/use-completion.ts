/** What may come next on a line that is being typed, as the server says. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

export interface Completion {
  /** The part of the line that a candidate takes the place of. */
  readonly word: string;
  readonly candidates: readonly string[];
}

const NOTHING: Completion = { word: '', candidates: [] };
/** How many are offered; typing on narrows them down. */
const MOST = 12;

export function useCompletion(model: Model, line: string): Completion {
  const [completion, setCompletion] = useState(NOTHING);
  useEffect(() => {
    let isOver = false;
    model.link.request('complete', { line }).then(
      ({ word, candidates }) => {
        if (!isOver) setCompletion({ word, candidates: candidates.slice(0, MOST) });
      },
      () => {
        if (!isOver) setCompletion(NOTHING);
      },
    );
    return () => {
      isOver = true;
    };
  }, [model, line]);
  return completion;
}
