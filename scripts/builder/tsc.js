import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Compiles a project into a folder. Errors are printed, and end the build. */
export async function tsc(project, folder, ...flags) {
  const args = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', folder, ...flags];
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`${project} does not compile`);
}
