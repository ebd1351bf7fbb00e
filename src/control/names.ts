/** Converts names of commands: dashes on a command line, camelCase in code. */

/** `poolSize` as `pool-size`. */
export function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
