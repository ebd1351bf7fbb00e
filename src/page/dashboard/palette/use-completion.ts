/** A hook for completions of a line being typed, from the server. */

import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../data/model.ts';

export interface Completion {
  /** The part of the line that a candidate replaces. */
  readonly word: string;
  readonly candidates: readonly string[];
  /** The number of further candidates. */
  readonly more: number;
}

export const NOTHING: Completion = { word: '', candidates: [], more: 0 };
/** The maximum number of candidates shown. */
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
