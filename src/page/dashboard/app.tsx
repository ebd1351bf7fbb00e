/** The whole page: head, four panels, the time bar, and overlays. */

import type { JSX } from 'preact';
import { Confirm } from '../ui/dialog.tsx';
import { ChartPanel } from './charts/chart-panel.tsx';
import { useModel } from './context.ts';
import { DetailPanel } from './detail/detail-panel.tsx';
import { Head } from './head/head.tsx';
import { useKeys } from './keys.ts';
import { Lists } from './lists/lists.tsx';
import { Notices } from './notices.tsx';
import { Palette } from './palette/palette.tsx';
import { StreamPanel } from './stream/stream-panel.tsx';
import { TimeBar } from './time/time-bar.tsx';
import { Unconnected } from './unconnected.tsx';

export function App(): JSX.Element {
  const model = useModel();
  const { question } = model.actions;
  useKeys(model);
  if (model.live.value === undefined) return <Unconnected />;
  return (
    <>
      <Head />
      <main>
        <StreamPanel />
        <ChartPanel />
        <Lists />
        <DetailPanel />
      </main>
      <TimeBar />
      <Notices />
      {model.isPaletteOpen.value && <Palette />}
      {question.value !== undefined && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = undefined;
          }}
        />
      )}
    </>
  );
}
