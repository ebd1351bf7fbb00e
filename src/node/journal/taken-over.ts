/** The error of a writer that another process has superseded. */

import { StoreLocked } from '../../index.ts';

export function takenOver(): StoreLocked {
  return new StoreLocked(
    'expected a journal that nobody else writes to, got one that another process has taken over',
  );
}
