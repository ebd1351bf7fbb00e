/** Minifies code so that stack traces remain readable and bundlers can still drop unused parts. */

import { parseAst } from 'rolldown/parseAst';
import { walk } from './syntax-tree.js';

/** Functions and classes keep their names for stack traces. */
export const MINIFY = {
  compress: { keepNames: { function: true, class: true } },
  mangle: { keepNames: true },
  codegen: { removeWhitespace: true },
};

/**
 * Escapes all characters that are not ASCII, since V8 stores other text in twice the memory. They only occur in
 * string literals and regular expressions, where they may be escaped.
 */
export function inAscii(code) {
  return code.replaceAll(/[^\0-\x7F]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Removes imports that take no names from other files of the package. They would keep the order in which files run,
 * which does not matter without side effects, and esbuild warns of them.
 */
export function withoutBareImports(code) {
  return code.replaceAll(/\bimport"\.[^"]+";?/g, '');
}

/** The length after which a line is broken, short enough for a terminal. */
const SHORTEST_LINE = 300;

/**
 * Breaks lines before statements, class members and entries of larger objects. Node prints the line of an uncaught
 * error: code in a single line would fill the terminal.
 *
 * @param shortest the length after which a line is broken.
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
 * Marks the initializers of constants as pure, so that bundlers drop unused ones although a file contains many
 * modules. It is the same promise as that of package.json for whole modules.
 */
export function markPure(code) {
  const insertions = [];
  for (const { type, declarations } of parseAst(code).body) {
    if (type !== 'VariableDeclaration') continue;
    for (const { id, init } of declarations) {
      if (id.type !== 'Identifier' || init === null || isPlain(init)) continue;
      if (isSimpleCall(init)) insertions.push([init.start, PURE]);
      else insertions.push([init.start, `${PURE}(()=>(`], [init.end, '))()']);
    }
  }
  return insert(code, insertions);
}

const PURE = '/*@__PURE__*/';

const IS_PLAIN = /^(Literal|TemplateLiteral|(Class|Function|ArrowFunction)Expression)$/;

/** Whether bundlers recognize an initializer as pure themselves. */
function isPlain({ type, argument, left, right, elements, properties }) {
  switch (type) {
    case 'UnaryExpression':
      return isPlain(argument);
    case 'BinaryExpression':
      return left.type === 'Literal' && right.type === 'Literal';
    case 'ArrayExpression':
      return elements.every((each) => each !== null && isPlain(each));
    case 'ObjectExpression':
      return properties.every(({ value, computed }) => computed === false && isPlain(value));
    default:
      return IS_PLAIN.test(type);
  }
}

/** Whether only the call itself must be marked as pure. */
function isSimpleCall({ type, callee, arguments: args = [] }) {
  if (type !== 'NewExpression' && type !== 'CallExpression') return false;
  return (
    callee.type === 'Identifier' &&
    args.every((each) => each.type === 'Identifier' || isPlain(each))
  );
}

/**
 * @param insertions pairs of position and text.
 */
function insert(code, insertions) {
  const parts = [];
  let from = 0;
  for (const [at, text] of insertions.sort(([one], [other]) => one - other)) {
    parts.push(code.slice(from, at), text);
    from = at;
  }
  return parts.join('') + code.slice(from);
}
