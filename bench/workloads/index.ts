import type { Scale, Section } from '../model.ts';
import { clusterSections } from './cluster.ts';
import { controlCostSections } from './control-cost.ts';
import { controlRoundTripSections } from './control-round-trips.ts';
import { controlWatchSections } from './control-watch.ts';
import { dashboardSections } from './dashboard.ts';
import { eagerSections } from './eager.ts';
import { observingSections } from './observing.ts';
import { threadSections } from './threads.ts';
import { noopSections } from './w1-noop.ts';
import { setImmediateSections } from './w2-set-immediate.ts';
import { statSections } from './w3-stat.ts';
import { submitSections } from './w4-submit.ts';
import { memorySections } from './w5-memory.ts';
import { cancelSections } from './w6-cancel.ts';
import { resizeSections } from './w6-resize.ts';
import { flatSections } from './w7-flat.ts';
import { limitSections } from './w8-limits.ts';

export function allSections(scale: Scale): Section[] {
  return [
    noopSections,
    setImmediateSections,
    statSections,
    submitSections,
    eagerSections,
    memorySections,
    cancelSections,
    resizeSections,
    flatSections,
    limitSections,
    controlCostSections,
    controlWatchSections,
    controlRoundTripSections,
    observingSections,
    dashboardSections,
    clusterSections,
    threadSections,
  ].flatMap((sectionsAt) => sectionsAt(scale));
}
