/** Helpers for tests of types, which are checked when they are compiled. */

/** Whether two types are identical, not only assignable to each other. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the type argument is `true`. */
export function check<_ extends true>(): void {}
