/** A number field between two buttons: one less, one more, or typed. */

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { limit } from './format.ts';

/** Milliseconds for which a requested value is shown before it is confirmed. */
const PATIENCE = 3000;

interface StepperProps {
  readonly label: string;
  /** The current value; `Infinity` or null for no limit. */
  readonly value: number | null;
  /** The value from which steps count if there is no limit. */
  readonly unlimited?: number;
  /** The minimum for steps. */
  readonly least?: number;
  readonly isFixed: boolean;
  /** Resolves with whether the value was set. */
  readonly onSet: (value: number) => Promise<boolean>;
}

/**
 * While the user types, the field keeps the typed text, whatever happens to the pool. A requested value is shown
 * immediately, and the next step counts from it, since the answer takes a moment.
 */
export function Stepper(props: StepperProps): JSX.Element {
  const { label, unlimited = 0, least = Number.NEGATIVE_INFINITY, isFixed, onSet } = props;
  const value = props.value ?? Number.POSITIVE_INFINITY;
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const asked = useSignal<number | undefined>(undefined);
  useEffect(() => {
    if (asked.value === undefined) return undefined;
    const forget = (): void => {
      asked.value = undefined;
    };
    if (asked.value === value) return forget();
    const timer = setTimeout(forget, PATIENCE);
    return () => clearTimeout(timer);
  }, [asked.value, value]);

  const text = limit(asked.value ?? value);
  if (isFixed) {
    return (
      <div class="stepper fixed" title={label}>
        <span class="visually-hidden">{label}</span>
        <output>{limit(value)}</output>
      </div>
    );
  }
  const set = (number: number): void => {
    asked.value = number;
    // A refused value is not shown any longer.
    void onSet(number).then((isDone) => {
      if (!isDone && asked.value === number) asked.value = undefined;
    });
  };
  const step = (by: number): void => {
    const from = asked.value ?? value;
    set(Math.max(least, (Number.isFinite(from) ? from : unlimited) + by));
  };
  const commit = (): void => {
    const number = typed === undefined ? undefined : parse(typed);
    if (number !== undefined && typed !== text) set(number);
    setTyped(undefined);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere.
    <div class="stepper" role="group" aria-label={label}>
      <button type="button" aria-label={`${label}: one less`} onClick={() => step(-1)}>
        −
      </button>
      <input
        aria-label={label}
        inputMode="numeric"
        value={typed ?? text}
        onFocus={({ currentTarget }) => {
          setTyped(text);
          currentTarget.select();
        }}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={commit}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') currentTarget.blur();
          if (key === 'Escape') {
            setTyped(text);
            queueMicrotask(() => currentTarget.blur());
          }
        }}
      />
      <button type="button" aria-label={`${label}: one more`} onClick={() => step(1)}>
        +
      </button>
    </div>
  );
}

/** An integer, or no limit; undefined for anything else. */
function parse(text: string): number | undefined {
  const word = text.trim().replaceAll(',', '');
  if (word === '∞' || /^inf(inity)?$/i.test(word)) return Number.POSITIVE_INFINITY;
  return /^-?\d{1,9}$/.test(word) ? Number(word) : undefined;
}
