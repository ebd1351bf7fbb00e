/** Placeholders for results that are gone: consumed, dropped or recovered without a value. */

/** In place of a result that a consumer has taken for good. */
export const CONSUMED: unique symbol = Symbol('consumed');

/** In place of a result of an earlier process: no journal holds what functions return. */
export const FORMER: unique symbol = Symbol('former');

/** Whether the result of a task is there to be had. */
export function isKept({ value }: { readonly value: unknown }): boolean {
  return value !== CONSUMED && value !== FORMER;
}
