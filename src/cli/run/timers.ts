/** Timers as promises, since `node:timers/promises` would have to be loaded first. */

/** The longest delay of a timer, in milliseconds. */
const LONG = 2 ** 31 - 1;

/** Resolves in the next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves after some milliseconds. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Keeps the process alive until the returned function is called: Node would end a process whose work waits for
 * something that does not keep it alive. The timer that does so is created only when the process is about to end.
 */
export function keepAlive(): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stay = () => {
    timer = setInterval(() => {}, LONG);
  };
  process.once('beforeExit', stay);
  return () => {
    process.removeListener('beforeExit', stay);
    clearInterval(timer);
  };
}
