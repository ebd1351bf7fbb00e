/** When something failed, and the way there. */

import type { JSX } from 'preact';
import { Link } from '../../ui/controls.tsx';
import { clock } from '../../ui/format.ts';
import { useModel } from '../context.ts';

interface FailedAtProps {
  readonly at: number;
  /** The event that says so, if it is known. */
  readonly seq: number | null;
}

/** As the cell of a table. It leads to the moment before: the next step is the failure. */
export function FailedAt({ at, seq }: FailedAtProps): JSX.Element {
  const { travel } = useModel();
  return (
    <td class="n wide mono">
      {seq === null ? (
        clock(at)
      ) : (
        <Link onClick={() => travel.go(seq - 1)} title="Show everything as it was just before">
          {clock(at)}
        </Link>
      )}
    </td>
  );
}
