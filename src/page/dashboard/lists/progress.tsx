/** The progress of a group as a bar; failures come first, so that even few are visible. */

import type { JSX } from 'preact';
import { count } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import type { Figures, Outcomes } from './figures.ts';

/** The minimum width of a non-empty part, in percent. */
const LEAST = 2;

/** The number of failures, as a table cell. */
export function Failed({ figures }: { readonly figures: Figures }): JSX.Element {
  const { statistics } = useModel();
  const { outcomes } = figures;
  if (outcomes === undefined) return <td class="n soft">–</td>;
  const { rejected } = outcomes;
  const uncounted = statistics.isPartial ? uncountedOf(figures) : 0;
  return (
    <td
      class={`n ${rejected > 0 ? 'bad' : ''}`}
      title={uncounted > 0 ? `${count(uncounted)} had ended before they were counted` : undefined}
    >
      {count(rejected)}
      {uncounted > 0 && '+'}
    </td>
  );
}

/** The number of ended tasks whose outcome is not known yet: they are counted once per second. */
function uncountedOf({ ended, outcomes }: Figures): number {
  const { fulfilled = 0, rejected = 0, cancelled = 0 } = outcomes ?? {};
  return Math.max(0, ended - fulfilled - rejected - cancelled);
}

interface ProgressProps {
  readonly figures: Figures;
  readonly isPaused?: boolean;
}

export function Progress({ figures, isPaused = false }: ProgressProps): JSX.Element {
  const { total, ended, slots, delayed, outcomes, isOpen } = figures;
  const { fulfilled = 0, rejected = 0, cancelled = 0 } = outcomes ?? {};
  const uncounted = uncountedOf(figures);
  const part = (value: number): string => {
    if (value === 0 || total === 0) return '0';
    return `${Math.max(LEAST, (100 * value) / total)}%`;
  };
  const text = isOpen ? `${count(ended)} so far` : `${count(ended)} of ${count(total)}`;
  return (
    <div class="progress" title={`${text} ended`}>
      <div class="bar" role="img" aria-label={`${text} ended${failedText(outcomes)}`}>
        <i style={{ width: part(rejected), background: 'var(--rejected)' }} />
        <i style={{ width: part(fulfilled), background: 'var(--fulfilled)' }} />
        <i style={{ width: part(cancelled), background: 'var(--cancelled)' }} />
        <i style={{ width: part(uncounted), background: 'var(--queued)' }} />
        <i style={{ width: part(slots), background: 'var(--running)' }} />
        <i style={{ width: part(delayed), background: 'var(--delayed)' }} />
      </div>
      <small>
        {text}
        {isPaused && <b class="warn">, paused</b>}
      </small>
    </div>
  );
}

function failedText(outcomes: Outcomes | undefined): string {
  return outcomes === undefined ? '' : `, ${count(outcomes.rejected)} rejected`;
}
