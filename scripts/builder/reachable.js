/** Removes what nobody can import, and has declarations name what they import as code does. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `from './x.js'`, `import './x.js'` and `import('./x.js')`; tsc leaves `.ts` in declarations. */
const RELATIVE_IMPORT = /\b(from |import |import\()(["'])(\.[^"']*)\.[jt]s\2/g;

export function keepReachable(folder, entries) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const isDeclaration = file.endsWith('.d.ts');
    const text = readFileSync(file, 'utf8');
    if (isDeclaration) writeFileSync(file, text.replace(RELATIVE_IMPORT, '$1$2$3.js$2'));
    for (const [, , , path] of text.matchAll(RELATIVE_IMPORT)) {
      visit(`${join(dirname(file), path)}${isDeclaration ? '.d.ts' : '.js'}`);
    }
  };
  for (const entry of entries) visit(entry);

  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.[jt]s$/.test(name) && !reached.has(file)) rmSync(file);
  }
}
