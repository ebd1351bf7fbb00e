/** Notifications about commands, announced by screen readers. */

import type { JSX } from 'preact';
import { useModel } from './context.ts';

export function Notices(): JSX.Element {
  const { actions } = useModel();
  return (
    <div class="notices" role="status" aria-live="polite">
      {actions.notices.value.map(({ id, text, isError }) => (
        <div key={id} class={isError ? 'notice error' : 'notice'}>
          <span>{text}</span>
          <button
            type="button"
            class="link"
            aria-label="Dismiss"
            onClick={() => actions.dismiss(id)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
