/** Shown before the pool is loaded. */

import type { JSX } from 'preact';
import { useModel } from './context.ts';

export function Unconnected(): JSX.Element {
  const { status, failure } = useModel();
  const [title, text] = words(status.value, failure.value);
  return (
    <main class="unconnected">
      <h1>{title}</h1>
      <p class="soft">{text}</p>
      {failure.value !== undefined && (
        <p class="soft mono" role="status">
          {failure.value}
        </p>
      )}
    </main>
  );
}

function words(status: string, failure: string | undefined): readonly [string, string] {
  if (status === 'closed') {
    return [
      'The server did not let this page in',
      'Open the link that the program has printed: it carries the token. A program that was restarted has a new one.',
    ];
  }
  if (failure === undefined) return ['Connecting…', 'The state of the pool is on its way.'];
  return ['No connection', 'The page keeps trying to connect. Is the program still running?'];
}
