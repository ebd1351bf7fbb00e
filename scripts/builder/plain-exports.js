/** Chunks export what never changes as it is, and all at once: each getter takes time whenever a chunk begins. */

import { parseAst } from 'rolldown/parseAst';
import { walk } from './syntax-tree.js';

/** How rolldown exports a variable. */
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
    // They stand at the end of a chunk, when all of them have their values.
    return { code: `${others}\nObject.assign(exports, {${values.join(', ')}});` };
  },
};

/** The names of all variables that are assigned anew somewhere. */
function assignedIn(code) {
  const names = new Set();
  walk(parseAst(code), ({ type, left, argument }) => {
    if (type === 'AssignmentExpression') names.add(left.name);
    else if (type === 'UpdateExpression') names.add(argument.name);
  });
  return names;
}
