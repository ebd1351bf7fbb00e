/** The states of a task, with the time it spent in each. */

import type { JSX } from 'preact';
import { duration } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import type { Path } from '../data/path.ts';

interface PathViewProps {
  readonly path: Path;
  readonly now: number;
  readonly isOver: boolean;
}

/** The maximum number of states shown, the last ones: a task may have been retried all day. */
const MOST = 24;

export function PathView({ path, now, isOver }: PathViewProps): JSX.Element {
  const { travel } = useModel();
  const steps = path.steps.slice(-MOST);
  const left = path.steps.length - steps.length;
  return (
    <ol class="path" aria-label="The way of the task">
      {(left > 0 || !path.isWhole) && (
        <li class="soft">… earlier {left > 0 ? `${left} steps` : 'steps'}</li>
      )}
      {steps.map(({ state, at, seq, error }, place) => {
        const next = steps[place + 1];
        const isLast = next === undefined;
        const name = state.slice(state.lastIndexOf('.') + 1);
        const isEnd = name === 'ended';
        return (
          <li key={seq} title={error}>
            <button
              type="button"
              class={`step ${isLast && !isEnd ? 'on' : ''} ${name}`}
              title={error ?? 'Show everything as it was then'}
              onClick={() => travel.go(seq)}
            >
              {name === 'active' ? 'running' : name}
            </button>
            {!isEnd && (
              <span>
                {duration((next?.at ?? now) - at)}
                {isLast && !isOver && ' so far'}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
