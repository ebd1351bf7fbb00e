/** How a pool is suspended. */

/** Options of `suspend`. */
export interface SuspendOptions {
  /** How many milliseconds running tasks have to finish before they are aborted. Default: 0. */
  readonly grace?: number;
  /** Ends the grace period when aborted. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Why: the `cause` of the `PoolSuspended` with which waits reject. Default: none. */
  readonly reason?: unknown;
}
