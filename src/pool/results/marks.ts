/** Placeholders for results that are gone: consumed, dropped or recovered without a value. */

/** Replaces a result that a consumer has taken. */
export const CONSUMED: unique symbol = Symbol('consumed');

/** Replaces a result of an earlier process that the journal does not contain. */
export const FORMER: unique symbol = Symbol('former');

/** Whether the result of a task is available. */
export function isKept({ value }: { readonly value: unknown }): boolean {
  return value !== CONSUMED && value !== FORMER;
}
