/** Follows a pool: loads its state and earlier events, then applies each new event. */

import { CommandRefused, type ControlLink } from '../../../control/client/index.ts';
import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { Moment, runningTasks } from './moment.ts';
import { Reel } from './reel.ts';

/** How much of the past is loaded with a state. */
export interface Depth {
  /** The number of ended tasks in the lists; others are only counted. */
  readonly ended: number;
  /** The number of earlier events that are drawn. */
  readonly before: number;
}

/** The depth of the first display: correct counts, but short lists. */
export const GLANCE: Depth = { ended: 200, before: 600 };
/** The depth a moment later. */
const PRESENT: Depth = { ended: 10_000, before: 8000 };
/** The number of earlier events that are drawn eventually. */
const FURTHER = 40_000;
/** The number of events requested at a time: reading more of them would block a frame. */
const PAGE = 4000;
/** Milliseconds for which adding earlier events may block a frame. */
const LONGEST_FRAME = 6;

/** Notified of changes. */
export interface FeedListener {
  /**
   * A state was loaded, initially or after a gap.
   *
   * @param isWhole whether events are applied to this state. Otherwise another one follows immediately.
   */
  began(moment: Moment, isWhole: boolean): void;
  /** An event was applied. `lag` is the time since it was recorded, in milliseconds. */
  happened(event: PoolEvent, lag: number): void;
  failed(error: Error): void;
  /** Another pool answers at the same address; its state follows. */
  replaced(): void;
}

/** Follows until the link is closed. */
export async function follow(link: ControlLink, listener: FeedListener): Promise<void> {
  const isOver = (): boolean => link.status === 'closed';
  let isFirst = true;
  /** The unique id of the shown pool. */
  let uid: string | undefined;
  while (!isOver()) {
    try {
      await link.connected();
      if (!isFirst && link.uid !== uid) {
        listener.replaced();
        isFirst = true;
      }
      uid = link.uid;
      if (isFirst) listener.began(await load(link, undefined, GLANCE), false);
      isFirst = false;
      const moment = await load(link, undefined, PRESENT);
      listener.began(moment, true);
      void extend(link, moment);
      for await (const event of link.watch({ since: moment.seq })) {
        moment.apply(event);
        moment.reel.add(event);
        listener.happened(event, Date.now() - event.at);
      }
      // The pool is closed: no more events follow.
      if (moment.state.status === 'closed') return;
    } catch (error) {
      if (isOver()) return;
      if ((error as { code?: unknown }).code === 'AnotherPool') continue;
      listener.failed(error as Error);
      await pause(500);
    }
  }
}

/** Loads the state after an event, or the current one. */
export async function load(
  link: ControlLink,
  at: number | undefined,
  depth: Depth,
): Promise<Moment> {
  const { ended, before } = depth;
  const args = { checkpoint: true, ended, ...(at === undefined ? {} : { at }) };
  const asked = link.request('state', args);
  // Of the past it is known which they are, so that nothing waits for the state.
  const [answer, events] = await Promise.all([
    asked,
    at === undefined
      ? asked.then(({ seq }) => eventsIfHeld(link, seq, before))
      : eventsIfHeld(link, at, before),
  ]);
  const { omitted } = answer;
  // The present grows; the past is played on for a limited time.
  const reel = at === undefined ? new Reel() : new Reel(4 * before);
  for (const event of events) reel.add(event);
  const time = answer.at ?? events.at(-1)?.at ?? Date.now();
  const moment = new Moment(answer.state as PoolCheckpoint, omitted, time, reel);
  reel.addRunning(runningTasks(moment.state));
  moment.isExtending = depth === GLANCE;
  return moment;
}

/** Adds earlier events to the drawing, after the page was displayed. */
async function extend(link: ControlLink, moment: Moment): Promise<void> {
  const first = moment.reel.firstSeq ?? 0;
  if (first === 0) return;
  moment.isExtending = true;
  try {
    const earlier = await eventsBefore(link, first - 1, FURTHER - PRESENT.before);
    const reel = new Reel();
    let begun = performance.now();
    const add = async (event: PoolEvent): Promise<void> => {
      reel.add(event);
      if (performance.now() - begun < LONGEST_FRAME) return;
      await pause(0);
      begun = performance.now();
    };
    for (const event of earlier) await add(event);
    // Events that occurred meanwhile come last.
    for (let seq = first; seq <= moment.seq; seq++) {
      const event = moment.reel.event(seq);
      if (event === undefined) return;
      await add(event);
    }
    reel.addRunning(runningTasks(moment.state));
    moment.reel = reel;
  } catch {
    // The events were dropped or the connection was lost; the existing ones suffice.
  } finally {
    moment.isExtending = false;
  }
}

/** The events up to a `seq`; none if they were dropped meanwhile, as a state is complete without them. */
function eventsIfHeld(link: ControlLink, seq: number, most: number): Promise<readonly PoolEvent[]> {
  return eventsBefore(link, seq, most).catch((error: unknown) => {
    if (error instanceof CommandRefused) return [];
    throw error;
  });
}

/** The events up to a `seq`, as far as the server has them. */
export async function eventsBefore(
  link: ControlLink,
  seq: number,
  most: number,
): Promise<readonly PoolEvent[]> {
  const pages: PoolEvent[] = [];
  let from: number | null = Math.max(0, seq - most + 1);
  while (from !== null && from <= seq) {
    const page: { events: readonly PoolEvent[]; next: number | null } = await link
      .request('events', { from, to: seq, limit: PAGE })
      .catch(async (error: unknown) => {
        // The first of them have just been dropped.
        if (pages.length > 0 || from === null || seq - from < 100) throw error;
        from += Math.ceil((seq - from) / 2);
        return { events: [], next: from };
      });
    for (const event of page.events) pages.push(event);
    from = page.next;
  }
  return pages;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
