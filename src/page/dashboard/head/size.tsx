/** How many tasks may run at once: a number between two buttons. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { limit } from '../../ui/format.ts';
import { useModel } from '../context.ts';

export function Size(): JSX.Element {
  const model = useModel();
  const { poolSize = 0 } = model.shown.value?.state ?? {};
  const text = limit(poolSize);
  const set = (size: number): void =>
    model.actions.run('poolSize', { size }, `Size ${limit(size)}`);
  return (
    <Stepper
      label="Pool size"
      value={text}
      isFixed={!model.mayChange.value}
      onStep={(by) => set(Number.isFinite(poolSize) ? Math.max(0, poolSize + by) : 1)}
      onSet={set}
    />
  );
}

interface StepperProps {
  readonly label: string;
  readonly value: string;
  readonly isFixed: boolean;
  readonly onStep: (by: number) => void;
  readonly onSet: (value: number) => void;
}

/** While somebody types, the number stays as it is typed, whatever happens to the pool. */
export function Stepper({ label, value, isFixed, onStep, onSet }: StepperProps): JSX.Element {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  if (isFixed) {
    return (
      <div class="stepper fixed" title={label}>
        <span class="visually-hidden">{label}</span>
        <output>{value}</output>
      </div>
    );
  }
  const commit = (): void => {
    const size = typed === undefined ? undefined : parse(typed);
    if (size !== undefined && typed !== value) onSet(size);
    setTyped(undefined);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere.
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={`${label}: one less`} onClick={() => onStep(-1)}>
        −
      </button>
      <input
        aria-label={label}
        inputMode="numeric"
        value={typed ?? value}
        onFocus={({ currentTarget }) => {
          setTyped(value);
          currentTarget.select();
        }}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={commit}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') currentTarget.blur();
          if (key === 'Escape') {
            setTyped(value);
            queueMicrotask(() => currentTarget.blur());
          }
        }}
      />
      <button type="button" aria-label={`${label}: one more`} onClick={() => onStep(1)}>
        +
      </button>
    </div>
  );
}

/** A whole number, or no limit; undefined for anything else. */
function parse(text: string): number | undefined {
  const word = text.trim().replaceAll(',', '');
  if (word === '∞' || /^inf(inity)?$/i.test(word)) return Number.POSITIVE_INFINITY;
  return /^\d{1,9}$/.test(word) ? Number(word) : undefined;
}
