/** The lists below the stream, one at a time. */

import type { JSX } from 'preact';
import { count } from '../../ui/format.ts';
import { type Tab, TabPanel, Tabs } from '../../ui/tabs.tsx';
import { useModel } from '../context.ts';
import type { TabName } from '../data/model.ts';
import { Events } from './events.tsx';
import { Failures } from './failures.tsx';
import { Functions } from './functions.tsx';
import { cancellingGroups, Groups } from './groups.tsx';
import { Limits } from './limits.tsx';
import { Tasks } from './tasks.tsx';

const LISTS: Readonly<Record<TabName, () => JSX.Element | null>> = {
  groups: Groups,
  functions: Functions,
  tasks: Tasks,
  failures: Failures,
  limits: Limits,
  events: Events,
};

export function Lists(): JSX.Element {
  const model = useModel();
  const { value: name } = model.tab;
  const List = LISTS[name];
  return (
    <section class="panel lists" aria-label="Lists">
      <Tabs label="Lists" tabs={useTabs()} current={name} onSelect={(tab) => model.open(tab)} />
      <TabPanel name={name}>
        <List />
      </TabPanel>
    </section>
  );
}

function useTabs(): readonly Tab<TabName>[] {
  const { shown, statistics } = useModel();
  const moment = shown.value;
  if (moment === undefined) return [];
  const { state } = moment;
  const numKept = state.groups.size || statistics.groups(state).length;
  const numGroups = cancellingGroups(state).length + numKept;
  const limits = [...(state.limits ?? [])].length;
  return [
    { name: 'groups', title: 'Groups', note: count(numGroups) },
    { name: 'functions', title: 'Functions' },
    { name: 'tasks', title: 'Tasks', note: count(state.tasks.size + moment.omitted) },
    { name: 'failures', title: 'Failures', note: count(state.totals.rejected) },
    { name: 'limits', title: 'Limits', note: count(limits) },
    { name: 'events', title: 'Events', note: count(state.seq + 1) },
  ];
}
