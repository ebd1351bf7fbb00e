/**
 * Replaces getters of a chunk's exports by plain values, assigned at once: defining getters takes time at each start.
 */

import { parseAst } from 'rolldown/parseAst';
import { walk } from './syntax-tree.js';

/** The form in which rolldown exports a variable. */
const GETTER =
  /Object\.defineProperty\(exports, ("[\w$]+"), \{\s*enumerable: true,\s*get: function ?\(\) \{\s*return ([\w$]+);\s*\}\s*\}\);/g;

export const PLAIN_EXPORTS = {
  name: 'plain-exports',
  renderChunk(code) {
    const changing = assignedIn(code);
    const values = [];
    const others = code.replace(GETTER, (getter, key, name) => {
      if (changing.has(name)) return getter;
      values.push(`${key}: ${name}`);
      return '';
    });
    if (values.length === 0) return null;
    // At the end of the chunk, where all of them have their values.
    return { code: `${others}\nObject.assign(exports, {${values.join(', ')}});` };
  },
};

/** The names of all variables that are reassigned. */
function assignedIn(code) {
  const names = new Set();
  walk(parseAst(code), ({ type, left, argument }) => {
    if (type === 'AssignmentExpression') names.add(left.name);
    else if (type === 'UpdateExpression') names.add(argument.name);
  });
  return names;
}
