/** What is around controls that change the pool. */

import type { ComponentChildren, JSX } from 'preact';
import { useModel } from './context.ts';

/** While the page is offline its controls stay where they are, and cannot be used. */
export function Changes({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const model = useModel();
  return (
    <fieldset class="changes" disabled={model.isOffline.value}>
      {children}
    </fieldset>
  );
}
