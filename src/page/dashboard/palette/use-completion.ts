/** What may come next on a line that is being typed, as the server says. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

export interface Completion {
  /** The part of the line that a candidate takes the place of. */
  readonly word: string;
  readonly candidates: readonly string[];
  /** How many there are besides. */
  readonly more: number;
}

export const NOTHING: Completion = { word: '', candidates: [], more: 0 };
/** How many are offered; typing on narrows them down. */
const MOST = 12;

export function useCompletion(model: Model, line: string): Completion {
  const [completion, setCompletion] = useState(NOTHING);
  useEffect(() => {
    let isOver = false;
    model.link.request('complete', { line }).then(
      ({ word, candidates }) => {
        const more = Math.max(0, candidates.length - MOST);
        if (!isOver) setCompletion({ word, candidates: candidates.slice(0, MOST), more });
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
