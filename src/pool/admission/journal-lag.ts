/** Back-pressure: no task starts while too much waits to be written, or nothing can be written. */

export function keepsUp(persister: { readonly isBehind: boolean } | undefined): boolean {
  return persister === undefined || !persister.isBehind;
}
