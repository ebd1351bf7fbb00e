import type { JSX } from 'preact';
import { Panel } from '../../ui/controls.tsx';
import { PoolChart } from './pool-chart.tsx';
import { TaskChart } from './task-chart.tsx';

export function ChartPanel(): JSX.Element {
  return (
    <Panel
      class="charts"
      label="Charts"
      title="Tasks and pool"
      right={<span>numbers: tasks now · thick: last second</span>}
    >
      <div class="task-chart">
        <TaskChart />
      </div>
      <div class="pool-chart">
        <PoolChart />
      </div>
    </Panel>
  );
}
