// Fails if `src` contains the same `RUN` lines of code twice. White space, comments and imports do not count.

import { readdirSync, readFileSync } from 'node:fs';

const RUN = 7;
const root = new URL('../', import.meta.url);

/** Lines without logic: comments, imports, names of a union, fields, parameters, punctuation. */
const THIN =
  /^(?:\/\/|\/?\*|import\b|export (?:type )?\{|\} from\b|\| '|readonly \w+[?!]?: [^=]*;$|\w+\??: (?:[A-Z][\w<>[\], ]*|boolean|number|string|unknown),$|[\s()[\]{};,.:?=>]*$)/;

/** Returns the lines that count, with their numbers. */
function codeOf(text) {
  const withoutImports = text.replaceAll(/^import [^;]*;/gm, (lines) =>
    lines.replaceAll(/.+/g, ''),
  );
  const lines = withoutImports
    .split('\n')
    .map((line, index) => ({ text: line.trim(), number: index + 1 }));
  return lines.filter((line) => !THIN.test(line.text));
}

const seen = new Map();
const found = [];
for (const file of filesIn('src')) {
  const lines = codeOf(readFileSync(new URL(file, root), 'utf8'));
  let end = 0;
  for (let from = 0; from + RUN <= lines.length; from++) {
    const run = lines.slice(from, from + RUN);
    const key = run.map(({ text }) => text).join('\n');
    const place = `${file}:${run[0].number}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, place);
    else if (from >= end) {
      found.push(`${place} stands at ${other} too:\n  ${run[0].text} …`);
      end = from + RUN;
    }
  }
}

function filesIn(folder) {
  const names = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

for (const each of found) console.error(each);
console.log(`${found.length} runs of ${RUN} lines that stand twice`);
process.exitCode = found.length > 0 ? 1 : 0;
