/** Shown before anything was received: how to connect a program. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../ui/controls.tsx';
import { useModel } from './context.ts';

export function Waiting(): JSX.Element {
  const { status } = useModel().link;
  if (status.value === 'connected') return <HowTo />;
  const [title, text] = WORDS[status.value];
  return (
    <main class="waiting">
      <h1>{title}</h1>
      <p class="soft">{text}</p>
    </main>
  );
}

const WORDS = {
  connecting: ['Connecting…', 'What was received is on its way.'],
  lost: ['No connection', 'The page keeps trying to connect. Is the inspector still running?'],
  refused: [
    'The server did not let this page in',
    'Open the link that the inspector has printed: it carries the token.',
  ],
} as const;

function HowTo(): JSX.Element {
  const { origin, opener } = useModel().source;
  if (opener !== undefined) {
    return (
      <main class="waiting">
        <h1>Waiting for the page that opened this one</h1>
        <p class="soft">
          Actors with <code>inspect</code> of its <code>createBrowserInspector()</code> are shown
          here.
        </p>
      </main>
    );
  }
  return (
    <main class="waiting">
      <h1>Waiting for a program</h1>
      <p class="soft">Any xstate program is shown here as soon as it connects:</p>
      <Code text="npm install --save-dev @statelyai/inspect" />
      <Code text={`const { inspect } = createWebSocketInspector({ url: '${origin}' });`} />
      <Code text="createActor(machine, { inspect }).start();" />
      <p class="soft">
        A pool takes it as well: <code>{'new TaskPool({ inspect })'}</code>
      </p>
      <p class="soft">
        In a page,{' '}
        <code>{`createBrowserInspector({ url: '${origin.replace(/^ws/, 'http')}' })`}</code> opens a
        window of its own.
      </p>
    </main>
  );
}

function Code({ text }: { readonly text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div class="code">
      <code>{text}</code>
      <Button label={`Copy ${text}`} onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
