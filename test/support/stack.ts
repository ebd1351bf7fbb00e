/** What happens where little of the stack is left. */

/** More arguments than a call can have there, and more calls than can be nested. */
export const MORE_THAN_FITS = 7_500;

const MANY = Array.from({ length: MORE_THAN_FITS }, () => 0);
/** How many calls are nested before it is checked again how much of the stack is left. */
const STEP = 20;

const count = (...args: readonly number[]) => args.length;

/**
 * Calls a function near the end of the stack: what spreads a list of {@link MORE_THAN_FITS} into arguments
 * fails there, and so does what nests a call for each entry. Elsewhere it would take twenty times as many.
 */
export function nearEndOfStack<T>(run: () => T): T {
  const down = (steps: number): T => {
    if (steps > 0) return down(steps - 1);
    try {
      count(...MANY);
    } catch (error) {
      if (error instanceof RangeError) return run();
      throw error;
    }
    return down(STEP);
  };
  return down(0);
}
