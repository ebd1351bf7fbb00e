/** How the events of groups change the state of a pool. */

import { Code, type EventCode } from '../events/event-codes.ts';
import type { EventFields } from '../events/events.ts';
import type { PoolState } from './pool-state.ts';
import type { GroupRecord, SourceStatus } from './records.ts';
import { forgetGroup } from './retention.ts';

export function applyToGroup(
  state: PoolState,
  code: EventCode,
  group: GroupRecord,
  detail: unknown,
): void {
  for (const watch of state.watches) watch.beforeGroup(group);
  if (code === Code.groupCreated) openSource(state, group);
  else if (code === Code.groupExhausted) closeSource(state, group, 'exhausted');
  else if (code === Code.groupFailed) closeSource(state, group, 'failed');
  else if (code === Code.groupCancelled) closeSource(state, group, 'cancelled');
  else if (code === Code.groupSupplied) {
    group.stored?.supply((detail as EventFields['group.supplied']).items);
  } else if (code === Code.groupSubmitted) {
    group.stored?.supply((detail as EventFields['group.submitted']).calls);
  } else if (code === Code.groupWithdrawn) {
    group.stored?.withdraw((detail as EventFields['group.withdrawn']).indices);
  } else if (code === Code.groupResized) {
    group.numConcurrent = (detail as EventFields['group.resized']).numConcurrent;
  } else if (code === Code.groupPrioritised) {
    group.priority = (detail as EventFields['group.prioritised']).priority;
  } else group.paused = code === Code.groupPaused;
}

function openSource(state: PoolState, group: GroupRecord): void {
  state.groups.add(group);
  state.expectItems(group);
}

function closeSource(state: PoolState, group: GroupRecord, status: SourceStatus): void {
  if (group.source === 'open') state.expectNoMore(group);
  group.source = status;
  if (status === 'cancelled') {
    state.groups.remove(group);
    if (group.length > 0) state.cancelled.add(group);
  } else if (group.length === 0 && state.retain !== 'all') forgetGroup(state, group);
}
