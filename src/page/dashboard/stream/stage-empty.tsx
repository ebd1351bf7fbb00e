/** What the stream says while there is no bar in it. */

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Empty, Link } from '../../ui/controls.tsx';
import { duration } from '../../ui/format.ts';
import { useModel } from '../context.ts';
import type { Bars } from '../data/bars.ts';
import { spanOf, type View } from './view.ts';

interface StageEmptyProps {
  readonly bars: Bars;
  readonly view: Signal<View>;
}

export function StageEmpty({ bars, view }: StageEmptyProps): JSX.Element | null {
  const model = useModel();
  if (bars.next === 0) {
    return (
      <div class="stage-empty">
        <Empty title="Nothing has run yet">Each attempt of a task will be a bar here.</Empty>
      </div>
    );
  }
  const now = model.now();
  const { from, to } = spanOf(view.value, now);
  const end = bars.idleSince;
  if (end === undefined || end >= from) return null;
  const showLast = (): void => {
    const start = bars.start[bars.place(bars.first)] as number;
    const length = Math.min(to - from, Math.max(100, 1.1 * (end - start)));
    view.value = { kind: 'fixed', span: { from: end - 0.95 * length, to: end + 0.05 * length } };
  };
  return (
    <div class="stage-empty">
      <Empty title={`Nothing has run for ${duration(Math.round((now - end) / 1000) * 1000)}`}>
        <Link onClick={showLast}>Show what ran last</Link>
      </Empty>
    </div>
  );
}
