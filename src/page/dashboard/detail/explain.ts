/** Why something waits, or waited at the place in time that is shown, in the words of the pool. */

import type { Model } from '../data/model.ts';

export function explain(model: Model, what: number | string): void {
  const at = model.isLive.value ? {} : { at: model.shown.value?.seq ?? 0 };
  model.link.request('explain', { what: what as never, ...at }).then(
    ({ sentence }) => model.actions.say(sentence),
    (error: Error) => model.actions.say(error.message, true),
  );
}
