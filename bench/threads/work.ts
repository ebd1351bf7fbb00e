/** The functions that run in threads, of `xstate-taskpool/threads` and of piscina. */

export async function noop(item: number): Promise<number> {
  return item;
}

export function loop(): never {
  for (;;);
}
