/** A hook for the events to draw: those of the shown moment, or others for an earlier time. */

import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useModel } from '../context.ts';
import { eventsBefore } from '../data/feed.ts';
import type { Model } from '../data/model.ts';
import { Reel } from '../data/reel.ts';
import { spanOf, type View } from './view.ts';

/** The number of events fetched for an earlier time. */
const MOST = 30_000;
/** Milliseconds for which a view must be still before its events are fetched. */
const STILL = 250;

export function useReel(view: Signal<View>): Reel {
  const model = useModel();
  const other = useSignal<Reel | undefined>(undefined);
  const own = model.shown.value?.reel;
  const { from, to } = spanOf(view.value, model.now());
  const isMissing = own?.startedAt !== undefined && from < own.startedAt && (own.firstSeq ?? 0) > 0;
  const isFixed = view.value.kind === 'fixed';
  useEffect(() => {
    if (!isMissing || !isFixed || covers(other.value, to)) return undefined;
    const timer = setTimeout(() => {
      void fetchReel(model, to).then((reel) => {
        other.value = reel;
      });
    }, STILL);
    return () => clearTimeout(timer);
  }, [isMissing, isFixed, from, to]);
  if (isMissing && isFixed && covers(other.value, to)) return other.value as Reel;
  return own ?? EMPTY;
}

const EMPTY = new Reel(0);

function covers(reel: Reel | undefined, at: number): boolean {
  if (reel?.startedAt === undefined) return false;
  return reel.startedAt < at && (reel.events.at(-1)?.at ?? 0) >= at;
}

async function fetchReel(model: Model, at: number): Promise<Reel | undefined> {
  const density = model.densities.byTime.value;
  const later = density?.buckets.find((bucket) => bucket.at > at);
  const seq = later?.seq ?? density?.lastSeq;
  if (seq === undefined) return undefined;
  const reel = new Reel(MOST);
  const last = Math.min(model.live.value?.seq ?? seq, seq + MOST / 4);
  try {
    for (const event of await eventsBefore(model.link, last, MOST)) reel.add(event);
  } catch {
    return undefined;
  }
  return reel;
}
