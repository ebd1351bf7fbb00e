/** The control for the size of the pool. */

import type { JSX } from 'preact';
import { limit } from '../../ui/format.ts';
import { Stepper } from '../../ui/stepper.tsx';
import { useModel } from '../context.ts';

export function Size(): JSX.Element {
  const model = useModel();
  const { poolSize = 0 } = model.shown.value?.state ?? {};
  return (
    <Stepper
      label="Pool size"
      value={poolSize}
      least={0}
      isFixed={!model.mayChange.value}
      onSet={(size) => model.actions.attempt('poolSize', { size }, `Size ${limit(size)}`)}
    />
  );
}
