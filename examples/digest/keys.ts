import type { ReadStream } from 'node:tty';

/**
 * Calls the action of each key that is pressed; returns how to stop listening. In a terminal keys
 * come one by one, and Ctrl-C then is a key too: it sends `\x03` and no longer a signal.
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
