/** The durability of appended events. */

import { type Check, checkOneOf } from '../../kit/checks.ts';

const DURABILITIES = ['none', 'os', 'batch', 'event'] as const;

/**
 * What an event survives once `append` has resolved.
 *
 * - `none`: the end of the process, including kill -9. Nothing is ever forced to disk: after a power loss the
 *   journal may be damaged, which is detected.
 * - `os`: the same; and a power loss loses no more than the last moments.
 * - `batch`: a power loss too. Each batch is forced to disk.
 * - `event`: a power loss too, even before anyone is notified of the event.
 */
export type Durability = (typeof DURABILITIES)[number];

/**
 * @throws TypeError for any other value.
 */
export const checkDurability: Check = checkOneOf(...DURABILITIES);
