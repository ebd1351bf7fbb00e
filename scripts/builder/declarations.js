/** Reduces declarations to what users can import: what the entry points export, and what that refers to. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { namesWithin, walk } from './syntax-tree.js';

/** References with `preserve="true"`, which must stay at the top of the file. */
const REFERENCES = /^\/\/\/ <reference [^\n]*\n/gm;

/**
 * The form in which tsc writes a type inferred from another file. It keeps `.ts`, while the other imports get `.js`.
 */
const INLINE_IMPORT = /\bimport\(["'](\.[^"']*)\.ts["']\)\.(\w+)/g;

/** A doc comment. */
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

const LAST_COMMENT = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/;

/** Doc comments with their lines. */
const COMMENTS = /^[ \t]*\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\n/gm;

/**
 * @param entries the files that users import.
 */
export function keepReferredTo(folder, entries) {
  const files = new Map();
  const fileAt = (path) => {
    if (!files.has(path)) files.set(path, readDeclarations(path));
    return files.get(path);
  };
  const keep = (path, name) => {
    const file = fileAt(path);
    if (file.kept.has(name)) return;
    const statements = file.statements.get(name) ?? [];
    const imported = file.imports.get(name);
    if (statements.length === 0 && imported === undefined) return;
    file.kept.add(name);
    if (imported?.path !== undefined) keep(imported.path, imported.name);
    for (const statement of statements) {
      for (const used of namesWithin(statement)) keep(path, used);
      for (const [from, used] of importsWithin(statement)) keep(declarationAt(path, from), used);
    }
  };
  const publish = (path, name) => {
    const file = fileAt(path);
    file.published.add(name);
    const imported = file.imports.get(name);
    if (imported?.path !== undefined) publish(imported.path, imported.name);
  };
  for (const path of entries) {
    for (const name of fileAt(path).exports) {
      publish(path, name);
      keep(path, name);
    }
  }

  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(folder, name);
    const file = files.get(path);
    if (file === undefined || file.kept.size === 0) rmSync(path);
    else writeFileSync(path, textOf(file));
  }
}

/** The declarations, imports and exports of a file, by their names within the file. */
function readDeclarations(path) {
  const text = readFileSync(path, 'utf8');
  const file = {
    text,
    body: parseAst(text, { lang: 'dts' }, path).body,
    /** By declared name; overloads, or a type and a value, share a name. */
    statements: new Map(),
    imports: new Map(),
    exports: new Set(),
    kept: new Set(),
    /** The names that users can import. */
    published: new Set(),
  };
  const declare = (name, statement) => {
    file.statements.set(name, [...(file.statements.get(name) ?? []), statement]);
  };
  for (const statement of file.body) {
    const from = statement.source?.value;
    const target = from?.startsWith('.') ? declarationAt(path, from) : undefined;
    for (const { type, local, imported, exported } of statement.specifiers ?? []) {
      const name = (exported ?? local).name;
      if (exported !== undefined) file.exports.add(name);
      if (from === undefined) declare(name, statement);
      else if (target === undefined) file.imports.set(name, {});
      else if (type === 'ImportSpecifier') {
        file.imports.set(name, { path: target, name: imported.name });
      } else if (type === 'ExportSpecifier') {
        file.imports.set(name, { path: target, name: local.name });
      } else throw new Error(`expected named imports, got ${type} in ${path}`);
    }
    const declaration = statement.declaration ?? statement;
    for (const { name } of namesDeclaredBy(declaration)) {
      declare(name, statement);
      if (statement !== declaration) file.exports.add(name);
    }
  }
  return file;
}

function declarationAt(importer, path) {
  return join(dirname(importer), path.replace(/\.[jt]s$/, '.d.ts'));
}

/** The path and name of each `import('./x.ts').X`, which tsc writes for inferred types. */
function importsWithin(statement) {
  const imports = [];
  walk(statement, ({ type, source, qualifier }) => {
    if (type !== 'TSImportType' || !source.value.startsWith('.')) return;
    let first = qualifier;
    while (first?.left !== undefined) first = first.left;
    if (first === undefined || first === null)
      throw new Error(`expected a name of ${source.value}`);
    imports.push([source.value, first.name]);
  });
  return imports;
}

function namesDeclaredBy({ id, declarations = [] }) {
  return id ? [id] : declarations.map((each) => each.id);
}

/** The reduced text of a file. Only what users can import keeps its comments. */
function textOf({ text, body, statements, imports, kept, published }) {
  const parts = [];
  const declarationsOf = (names) =>
    new Set([...names].flatMap((name) => statements.get(name) ?? []));
  const declarations = declarationsOf(kept);
  const commented = declarationsOf(published);
  let end = 0;
  for (const statement of body) {
    const before = text.slice(end, statement.start);
    end = statement.end;
    const { specifiers, source, start } = statement;
    if (specifiers?.length > 0) {
      const some = specifiers.filter(({ exported, local }) => kept.has((exported ?? local).name));
      if (some.length > 0) parts.push(`${withOnly(statement, some, text)}\n`);
    } else if (declarations.has(statement)) {
      const declaration = text.slice(start, end);
      if (commented.has(statement)) {
        parts.push(`${LAST_COMMENT.exec(before)?.[0] ?? ''}${declaration}\n`);
      } else parts.push(`${declaration.replace(COMMENTS, '')}\n`);
    } else if (source !== undefined && source !== null) {
      throw new Error(`expected names in ${text.slice(start, end)}`);
    }
  }
  const references = (text.match(REFERENCES) ?? []).join('');
  const declared = importedOnce(
    parts.join(''),
    (name) => statements.has(name) || imports.has(name),
  );
  // Tabs make the files smaller, and editors do not show the indentation.
  const indented = declared.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4));
  return references + indented.replace(COMMENT, withoutMargin);
}

/** Removes the asterisks before the lines of a doc comment: TypeScript and editors read it in the same way. */
function withoutMargin(comment) {
  return comment
    .replace(/^\/\*\*\n[ \t]*\* ?/, '/** ')
    .replace(/\n[ \t]*\*\/$/, ' */')
    .replace(/\n[ \t]*\* ?/g, '\n');
}

/** Replaces inline imports by names, which are imported at the top. */
function importedOnce(declared, isTaken) {
  const paths = new Map();
  const code = declared.replace(INLINE_IMPORT, (_, path, name) => {
    const isFree = !isTaken(name) && (paths.get(name) ?? path) === path;
    if (isFree) paths.set(name, path);
    return isFree ? name : `import('${path}.js').${name}`;
  });
  const lines = [...new Set(paths.values())].map((path) => {
    const names = [...paths.keys()].filter((name) => paths.get(name) === path);
    return `import type { ${names.join(', ')} } from '${path}.js';\n`;
  });
  return lines.join('') + code;
}

/** An import or export reduced to some of its names. */
function withOnly({ type, importKind, exportKind, source }, specifiers, text) {
  const keyword = type === 'ImportDeclaration' ? 'import' : 'export';
  const kind = (importKind ?? exportKind) === 'type' ? ' type' : '';
  const names = specifiers.map(({ start, end }) => text.slice(start, end));
  const listed = specifiers.some(({ type: each }) => each === 'ImportDefaultSpecifier')
    ? names.join(', ')
    : `{ ${names.join(', ')} }`;
  const from = source ? ` from '${source.value.replace(/^(\..*)\.ts$/, '$1.js')}'` : '';
  return `${keyword}${kind} ${listed}${from};`;
}
