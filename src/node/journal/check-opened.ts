/**
 * Refuses `new` for stores, which must be opened asynchronously: TypeScript prevents it, plain JavaScript does not.
 */

/**
 * @param made the class being constructed.
 * @param parts the arguments that only its `open()` passes.
 * @throws TypeError
 */
export function checkOpened(made: { readonly name: string }, ...parts: readonly unknown[]): void {
  if (parts.every((part) => typeof part === 'object')) return;
  throw new TypeError(`expected await ${made.name}.open(…), got new ${made.name}(…)`);
}
