/** Shows how far a run is, again and again. */

import type { Messages } from '../output/messages.ts';
import { liveLines, plainLine, type Standing } from './progress.ts';
import type { Screen } from './screen.ts';

/** Milliseconds between two drawings, and between two lines where nothing can be drawn. */
const REDRAW = 100;
const PLAIN = 10_000;

/**
 * @param screen what is drawn on; undefined for plain lines.
 * @returns what ends it.
 */
export function showProgress(
  standing: () => Promise<Standing>,
  messages: Messages,
  screen: Screen | undefined,
): () => void {
  let isOver = false;
  const tick = async () => {
    const now = await standing();
    if (isOver) return;
    if (screen === undefined) messages.say(plainLine(now));
    else screen.draw(liveLines(now, screen.width));
  };
  const timer = setInterval(() => void tick(), screen === undefined ? PLAIN : REDRAW);
  // Its figures count from now on: a run that is over by then takes none.
  const begin = setTimeout(() => void standing(), REDRAW);
  return () => {
    isOver = true;
    clearInterval(timer);
    clearTimeout(begin);
    screen?.draw([]);
  };
}
