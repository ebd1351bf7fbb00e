/** The option `onError` of a group: what its first failure does to the other tasks. */

import type { Group } from '../live/live.ts';
import type { Cancelling } from './cancelling.ts';
import type { Sources } from './sources.ts';

export class OnError {
  readonly #sources: Sources;
  readonly #cancelling: Cancelling;

  constructor(sources: Sources, cancelling: Cancelling) {
    this.#sources = sources;
    this.#cancelling = cancelling;
  }

  /** A task of the group has failed permanently, or its source has failed. No task has started since. */
  see(group: Group, error: unknown): void {
    const { onError } = group.identity.kind;
    if (onError === 'stop') this.#sources.exhaust(group);
    else if (onError === 'cancel') this.#cancelling.group(group, error);
  }
}
