/** What a store promises of an event that was appended. */

import { checkOneOf } from '../../kit/checks.ts';
import type { Check } from '../../kit/option-bag.ts';

const DURABILITIES = ['none', 'os', 'batch', 'event'] as const;

/**
 * What an event survives once `append` has resolved.
 *
 * - `none`: the end of the process, kill -9 included. Nothing is ever forced to the disk: after a
 *   power loss the journal may be damaged, which is detected.
 * - `os`: the same; and after a power loss no more than the last moments are missing.
 * - `batch`: a power loss too. Each batch is forced to the disk.
 * - `event`: a power loss too, and before anyone is notified of the event.
 */
export type Durability = (typeof DURABILITIES)[number];

/** @throws TypeError if it is none. */
export const checkDurability: Check = checkOneOf(...DURABILITIES);
