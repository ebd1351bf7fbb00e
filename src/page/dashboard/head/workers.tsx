/** Controls that start and stop tasks of a `SimpleTaskPool`. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../ui/controls.tsx';
import { plural } from '../../ui/format.ts';
import { useModel } from '../context.ts';

export function Workers(): JSX.Element {
  const { actions } = useModel();
  const [text, setText] = useState('1');
  const n = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return (
    <div class="actions workers">
      <input
        aria-label="How many tasks to start or to stop"
        inputMode="numeric"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button
        disabled={n === 0}
        onClick={() => actions.run('start', { n }, `Started ${plural(n, 'task')}`)}
      >
        Start
      </Button>
      <Button
        danger
        disabled={n === 0}
        onClick={() =>
          actions.ask({
            title: `Stop ${plural(n, 'task')}?`,
            text: `The ${n === 1 ? 'youngest one is' : `${n} youngest ones are`} cancelled: its signal is aborted, and it ends when its function does.`,
            action: 'Stop',
            onConfirm: () => actions.run('stop', { n }, `Stopping ${plural(n, 'task')}`),
          })
        }
      >
        Stop…
      </Button>
    </div>
  );
}
