/** Names have dashes on a command line and humps in code. */

/** `poolSize` as `pool-size`. */
export function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
