/** The time of a failure, as a link to that moment. */

import type { JSX } from 'preact';
import { Link } from '../../ui/controls.tsx';
import { clock } from '../../ui/format.ts';
import { useModel } from '../context.ts';

interface FailedAtProps {
  readonly at: number;
  /** The `seq` of the event of the failure; `null` if it is unknown. */
  readonly seq: number | null;
}

/** A table cell. Its link leads to the moment before the failure, so that the next step shows it. */
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
