/** Why something waits, in the words of the pool. */

import type { Model } from '../data/model.ts';

export function explain(model: Model, what: number | string): void {
  model.link.request('explain', { what: what as never }).then(
    ({ sentence }) => model.actions.say(sentence),
    (error: Error) => model.actions.say(error.message, true),
  );
}
