/** Shows the progress of a run periodically. */

import type { Messages } from '../output/messages.ts';
import { liveLines, plainLine, type Standing } from './progress.ts';
import type { Screen } from './screen.ts';

/** Milliseconds between two updates: on a terminal, and elsewhere. */
const REDRAW = 100;
const PLAIN = 10_000;

/**
 * @param screen the terminal to draw on; undefined for plain lines.
 * @returns a function that ends the display.
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
  // Starts the statistics, except in runs that are over by then.
  const begin = setTimeout(() => void standing(), REDRAW);
  return () => {
    isOver = true;
    clearInterval(timer);
    clearTimeout(begin);
    screen?.draw([]);
  };
}
