/** Wraps controls that change the pool. */

import type { ComponentChildren, JSX } from 'preact';
import { useModel } from './context.ts';

/** Disables controls while the page is offline, without moving them. */
export function Changes({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const model = useModel();
  return (
    <fieldset class="changes" disabled={model.isOffline.value}>
      {children}
    </fieldset>
  );
}
