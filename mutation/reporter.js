/** Prints a mutant that survives as soon as that is known, with what it says, and how far the run is. */

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

class SurvivorsReporter {
  #tested = 0;
  #total = 0;

  onMutationTestingPlanReady({ mutantPlans }) {
    this.#total = mutantPlans.length;
  }

  onMutantTested({ fileName, location, mutatorName, replacement, status }) {
    this.#tested += 1;
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { line, column } = location.start;
    const place = `${relative(process.cwd(), fileName)}:${line}:${column}`;
    console.log(`[${this.#tested}/${this.#total}] ${status}: ${place} ${mutatorName}`);
    console.log(`  - ${oneLine(textAt(fileName, location))}\n  + ${oneLine(replacement)}`);
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
