/** Back-pressure of the journal: no task starts while too much is unwritten, or while nothing can be written. */

export function keepsUp(persister: { readonly isBehind: boolean } | undefined): boolean {
  return persister === undefined || !persister.isBehind;
}
