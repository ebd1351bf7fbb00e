/** The result of a run, by folder, as a table in Markdown. */

import { dirname } from 'node:path';

/** What is counted; those that are equivalent do not count in the share. */
const COLUMNS = ['noticed', 'equivalent', 'survived', 'not reached'];

export function tableOf(tried) {
  const folders = [...new Set(tried.map(({ file }) => dirname(file)))].sort();
  const rows = folders.map((folder) =>
    rowOf(
      `\`${folder}\``,
      tried.filter(({ file }) => dirname(file) === folder),
    ),
  );
  return [
    ['folder', 'tried', ...COLUMNS, 'share'],
    ['---', ...COLUMNS.map(() => '---'), '---', '---'],
    ...rows,
    rowOf('all', tried),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function rowOf(name, mutants) {
  const counts = COLUMNS.map((column) => mutants.filter(({ status }) => status === column).length);
  const [noticed, equivalent] = counts;
  const share = (100 * noticed) / (mutants.length - equivalent);
  return [name, mutants.length, ...counts, `${share.toFixed(1)} %`];
}
