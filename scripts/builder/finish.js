/** How code is made smaller, so that stacks can still be read and bundlers still drop parts of it. */

import { parseAst } from 'rolldown/parseAst';
import { walk } from './syntax-tree.js';

/** Functions and classes keep their names, for stacks. */
export const MINIFY = {
  compress: { keepNames: { function: true, class: true } },
  mangle: { keepNames: true },
  codegen: { removeWhitespace: true },
};

/**
 * Code in ASCII, which Node reads and V8 keeps in half the room: other characters stand in texts and
 * patterns alone, where they may be escaped.
 */
export function inAscii(code) {
  return code.replaceAll(/[^\0-\x7F]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** How long a line becomes before another one begins: short enough to be read in a terminal. */
const SHORTEST_LINE = 200;

/**
 * Lets lines begin with statements, members of classes, and entries of larger objects. Node shows
 * the line of an error that nobody caught: all code in one line would fill the terminal.
 *
 * @param shortest how long a line becomes before another one begins.
 */
export function breakLines(code, shortest = SHORTEST_LINE) {
  const starts = new Set();
  walk(parseAst(code), (node, parent) => {
    if (parent !== undefined && startsLine(node, parent)) starts.add(node.start);
  });
  const breaks = [];
  let begin = 0;
  for (const at of [...starts].sort((one, other) => one - other)) {
    begin = Math.max(begin, code.lastIndexOf('\n', at) + 1);
    if (at - begin < shortest) continue;
    breaks.push([at, '\n']);
    begin = at;
  }
  return insert(code, breaks);
}

function startsLine({ type }, parent) {
  switch (parent.type) {
    case 'Program':
    case 'BlockStatement':
    case 'ClassBody':
      return true;
    case 'VariableDeclaration':
      return parent.declarations.length > 1;
    case 'ObjectExpression':
      return parent.properties.length > 8;
    case 'SwitchStatement':
      return type === 'SwitchCase';
    default:
      return false;
  }
}

/**
 * Says of each constant what package.json says of all modules, that making it has no effect: so
 * bundlers leave out those that are not used, though a file holds many modules.
 */
export function markPure(code) {
  const insertions = [];
  for (const { type, declarations } of parseAst(code).body) {
    if (type !== 'VariableDeclaration') continue;
    for (const { id, init } of declarations) {
      if (id.type !== 'Identifier' || init === null || IS_PLAIN.test(init.type)) continue;
      insertions.push([init.start, '/*@__PURE__*/(()=>('], [init.end, '))()']);
    }
  }
  return insert(code, insertions);
}

/** What bundlers see for themselves to have no effect. */
const IS_PLAIN = /^(Literal|TemplateLiteral|(Class|Function|ArrowFunction)Expression)$/;

/** @param insertions pairs of a place and a text. */
function insert(code, insertions) {
  const parts = [];
  let from = 0;
  for (const [at, text] of insertions.sort(([one], [other]) => one - other)) {
    parts.push(code.slice(from, at), text);
    from = at;
  }
  return parts.join('') + code.slice(from);
}
