/** The whole page: head, actors, and the chart, events and values of the selected one. */

import type { JSX } from 'preact';
import { ActorsPanel } from './actors.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { useModel } from './context.ts';
import { EventsPanel } from './events.tsx';
import { Head } from './head.tsx';
import { useKeys } from './keys.ts';
import { ValuesPanel } from './values.tsx';
import { Waiting } from './waiting.tsx';

export function App(): JSX.Element {
  const model = useModel();
  useKeys(model);
  if (model.history.actors.size === 0) return <Waiting />;
  return (
    <>
      <Head />
      <main class={model.isExpanded.value ? 'expanded' : ''}>
        <ActorsPanel />
        <ChartPanel />
        <EventsPanel />
        <ValuesPanel />
      </main>
    </>
  );
}
