/** What runs in threads, of `xstate-taskpool/threads` and of piscina alike. */

export async function noop(item: number): Promise<number> {
  return item;
}

export function loop(): never {
  for (;;);
}
