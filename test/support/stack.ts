/** Runs code with little stack left. */

/** More arguments than a call can have there, and more than the nested calls that fit. */
export const MORE_THAN_FITS = 7_500;

const MANY = Array.from({ length: MORE_THAN_FITS }, () => 0);
/** How many calls are nested between two checks of the remaining stack. */
const STEP = 20;

const count = (...args: readonly number[]) => args.length;

/**
 * Calls a function near the end of the stack: spreading a list of {@link MORE_THAN_FITS} into arguments fails there,
 * as do nested calls for each entry. Elsewhere that would need lists twenty times as long.
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
