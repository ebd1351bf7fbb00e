/** Follows a pool: its state and the events before it, then each event as it happens. */

import type { ControlLink } from '../../../control/client/index.ts';
import type { PoolCheckpoint, PoolEvent } from '../../../index.ts';
import { Moment, runningTasks } from './moment.ts';
import { Reel } from './reel.ts';

/** How much of what is over comes with a state. */
export interface Depth {
  /** How many tasks that have ended are in the lists; the others are counted. */
  readonly ended: number;
  /** How many events before it are drawn. */
  readonly before: number;
}

/** What is shown at once: numbers are right, and lists are short. */
export const GLANCE: Depth = { ended: 200, before: 600 };
/** What the page has a moment later. */
const PRESENT: Depth = { ended: 10_000, before: 8000 };
/** How many events are drawn when it has been open for a moment. */
const FURTHER = 40_000;
/** How long adding earlier events may hold up a frame, in milliseconds. */
const LONGEST_FRAME = 6;

/** What a feed says. */
export interface FeedListener {
  /**
   * There is a state; before, or after a gap, there was none.
   *
   * @param isWhole whether it is the one that events are applied to. Another one follows at once if not.
   */
  began(moment: Moment, isWhole: boolean): void;
  /** An event was applied. `lag`: how much later it came than it was recorded. */
  happened(event: PoolEvent, lag: number): void;
  failed(error: Error): void;
  /** Another pool answers under the address of the one that was shown; its state follows. */
  replaced(): void;
}

/** Follows until the link is closed. */
export async function follow(link: ControlLink, listener: FeedListener): Promise<void> {
  const isOver = (): boolean => link.status === 'closed';
  let isFirst = true;
  /** The pool that was shown. */
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
      // The pool is closed: nothing follows.
      if (moment.state.status === 'closed') return;
    } catch (error) {
      if (isOver()) return;
      if ((error as { code?: unknown }).code === 'AnotherPool') continue;
      listener.failed(error as Error);
      await pause(500);
    }
  }
}

/** The state after an event, or now. */
export async function load(
  link: ControlLink,
  at: number | undefined,
  depth: Depth,
): Promise<Moment> {
  const { ended, before } = depth;
  const args = { checkpoint: true, ended, ...(at === undefined ? {} : { at }) };
  const answer = await link.request('state', args);
  const { seq, omitted } = answer;
  // The present grows; the past is played on for a while at the most.
  const reel = at === undefined ? new Reel() : new Reel(4 * before);
  const events = await eventsBefore(link, seq, before);
  for (const event of events) reel.add(event);
  const time = answer.at ?? events.at(-1)?.at ?? Date.now();
  const moment = new Moment(answer.state as PoolCheckpoint, omitted, time, reel);
  reel.addRunning(runningTasks(moment.state));
  moment.isExtending = depth === GLANCE;
  return moment;
}

/** Adds earlier events to what is drawn, once the page is there. */
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
    // Those that happen meanwhile come last.
    for (let seq = first; seq <= moment.seq; seq++) {
      const event = moment.reel.event(seq);
      if (event === undefined) return;
      await add(event);
    }
    reel.addRunning(runningTasks(moment.state));
    moment.reel = reel;
  } catch {
    // They are gone, or the connection is: what there is suffices.
  } finally {
    moment.isExtending = false;
  }
}

/** The events up to one, as far as the server holds them. */
export async function eventsBefore(
  link: ControlLink,
  seq: number,
  most: number,
): Promise<readonly PoolEvent[]> {
  const pages: PoolEvent[] = [];
  let from: number | null = Math.max(0, seq - most + 1);
  while (from !== null && from <= seq) {
    const page: { events: readonly PoolEvent[]; next: number | null } = await link
      .request('events', { from, to: seq, limit: most })
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
