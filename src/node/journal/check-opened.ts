/** Stores are opened, which takes time: types refuse `new`, plain JavaScript does not. */

/**
 * @param made the class that is being made, of what only its `open()` has.
 * @throws TypeError
 */
export function checkOpened(made: { readonly name: string }, ...parts: readonly unknown[]): void {
  if (parts.every((part) => typeof part === 'object')) return;
  throw new TypeError(`expected await ${made.name}.open(…), got new ${made.name}(…)`);
}
