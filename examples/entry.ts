import { realpathSync } from 'node:fs';

/** Whether this module is the program that was started, not imported by another module. */
export function isEntry(meta: ImportMeta): boolean {
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === meta.filename;
}
