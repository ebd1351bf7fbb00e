/**
 * The form of a batch on the disk: what its events have in common is stored once, in its context, and
 * what follows from their order is not said at all.
 *
 * ```json
 * {"v":3,"pool":"squares","at":1790000000000,"groups":["map-square-group-0"]}
 * ["q",0,7,0,7]
 * ["s",0,7,0]
 * ["e",12,7,0,250,11750]
 * {"at":1790000000013,"type":"pool.locked"}
 * ```
 *
 * The context comes first, then a row for each event, in the order of `seq`, which begins with that of
 * the batch. A batch says all that is needed to read it: nothing in it refers to another one, so that
 * reading may begin anywhere, and whatever was dropped or damaged before it does not matter.
 *
 * - `["q", at, id, group, index, rest?]` is `task.queued`, `["s", at, id, group]` `task.started`, and
 *   `["e", at, id, group, waited, ran, rest?]` `task.ended`. `at` is the number of milliseconds since that
 *   of the context, `group` a place in its `groups`; `waited` and `ran` are whole microseconds. `rest` has
 *   the fields that are not said by then; a task that ended is `fulfilled` in its first attempt unless it
 *   says otherwise.
 * - Any other event, and one of these with other fields, is an object with all its fields but `seq`,
 *   `pool`, and the version `v` if that is the one of the context.
 */

/** The first line of a batch. */
export interface BatchContext {
  /** The version of the events. */
  readonly v: number;
  readonly pool: string;
  /** When the first event was recorded. */
  readonly at: number;
  /** The names of the groups that rows refer to. */
  readonly groups: readonly string[];
}

/** The default outcome and attempt of an ended task, omitted from rows. */
export const USUAL_END = { outcome: 'fulfilled', attempt: 1 } as const;
