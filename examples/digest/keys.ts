import type { ReadStream } from 'node:tty';

/**
 * Calls the action of each key that is pressed. Returns a function that stops listening. In a terminal keys arrive
 * one by one, and Ctrl-C is the key `\x03` instead of a signal.
 */
export function onKeys(input: ReadStream, actions: Record<string, () => void>): () => void {
  const act = (keys: string): void => {
    for (const key of keys) actions[key]?.();
  };
  if (input.isTTY) input.setRawMode(true);
  input.setEncoding('utf8').on('data', act);
  return () => {
    input.off('data', act).pause();
    if (input.isTTY) input.setRawMode(false);
  };
}
