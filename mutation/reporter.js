/** Prints a mutant that survives as soon as that is known, with what was replaced by what. */

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

class SurvivorsReporter {
  onMutantTested({ fileName, location, mutatorName, replacement, status }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { line, column } = location.start;
    console.log(
      `${status}: ${relative(process.cwd(), fileName)}:${line}:${column} ${mutatorName}`,
      `\n  - ${oneLine(textAt(fileName, location))}\n  + ${oneLine(replacement)}`,
    );
  }
}

export const strykerPlugins = [
  { kind: 'Reporter', name: 'survivors', injectableClass: SurvivorsReporter },
];

/** Lines and columns count from 1. */
function textAt(fileName, { start, end }) {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  return [lines[0].slice(start.column - 1), ...lines.slice(1)].join('\n');
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ');
}
