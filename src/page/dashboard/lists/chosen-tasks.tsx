/** The tasks that the user has chosen in the list, to cancel them together. */

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { TaskRecord } from '../../../machines/records.ts';
import { Button } from '../../ui/controls.tsx';
import { count, plural } from '../../ui/format.ts';
import { Changes } from '../changes.tsx';
import { useModel } from '../context.ts';

/** Kept while another list is shown. */
const chosen = signal<ReadonlySet<number>>(new Set());

export function ChooseTask({ task: { id, outcome } }: { readonly task: TaskRecord }): JSX.Element {
  return (
    <input
      type="checkbox"
      aria-label={`Choose task ${id}`}
      checked={chosen.value.has(id)}
      disabled={outcome !== undefined}
      onClick={(event) => event.stopPropagation()}
      onChange={() => toggle(id)}
    />
  );
}

function toggle(id: number): void {
  const next = new Set(chosen.value);
  if (!next.delete(id)) next.add(id);
  chosen.value = next;
}

export function CancelChosen(): JSX.Element | null {
  const model = useModel();
  const state = model.live.value?.state;
  const ids = [...chosen.value].filter((id) => {
    const task = state?.tasks.get(id);
    return task !== undefined && task.outcome === undefined;
  });
  if (ids.length === 0) return null;
  const running = ids.filter((id) => state?.tasks.get(id)?.startedAt !== undefined).length;
  return (
    <Changes>
      <Button
        danger
        onClick={() =>
          model.actions.ask({
            title: `Cancel ${plural(ids.length, 'task')}?`,
            text: `${plural(running, 'running one')} ${running === 1 ? 'is' : 'are'} aborted; the rest never starts.`,
            action: `Cancel ${plural(ids.length, 'task')}`,
            onConfirm: () => {
              chosen.value = new Set();
              model.actions.run('cancel', { ids }, `Cancelling ${plural(ids.length, 'task')}`);
            },
          })
        }
      >
        Cancel {count(ids.length)}…
      </Button>
    </Changes>
  );
}
