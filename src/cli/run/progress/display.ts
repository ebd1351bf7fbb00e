/** Shows how far a run is, again and again. */

import type { Messages } from '../output/messages.ts';
import { doneOf, liveLines, plainLine, type Standing } from './progress.ts';
import { Rate } from './rate.ts';
import type { Screen } from './screen.ts';

/** Milliseconds between two drawings, and between two lines where nothing can be drawn. */
const REDRAW = 100;
const PLAIN = 10_000;

/**
 * @param screen what is drawn on; undefined for plain lines.
 * @returns what ends it.
 */
export function showProgress(
  standing: () => Standing,
  messages: Messages,
  screen: Screen | undefined,
): () => void {
  const rate = new Rate();
  const note = () => {
    const now = standing();
    rate.note(now.elapsed, doneOf(now));
    return now;
  };
  const tick = () => {
    const now = note();
    if (screen === undefined) messages.say(plainLine(now, rate));
    else screen.draw(liveLines(now, rate, screen.width));
  };
  note();
  const timer = setInterval(tick, screen === undefined ? PLAIN : REDRAW);
  return () => {
    clearInterval(timer);
    screen?.draw([]);
  };
}
