/** Splits commands that need no shell into words, so that they are started directly. */

import { ANY_PLACEHOLDER } from './placeholders.ts';

/** A piece of a word: text or a placeholder. */
export interface Piece {
  readonly text: string;
  readonly isPlaceholder: boolean;
  readonly isQuoted: boolean;
}

/** Characters without special meaning in any shell, outside quotes. */
const PLAIN = /[\w@%+:,./=-]+/y;
const BLANKS = /[ \t]+/y;
const SINGLE_QUOTED = /'([^']*)'/y;
const DOUBLE_QUOTED = /"([^"$`\\!]*)"/y;
const PLACEHOLDER = new RegExp(ANY_PLACEHOLDER, 'y');
const PLACEHOLDERS_WITHIN = new RegExp(`(${ANY_PLACEHOLDER.source})`);

/** Keywords and builtins of shells: they do not exist as programs, or behave differently there. */
const SHELL_WORDS = new Set(
  `! . : [ alias bg bind break builtin caller case cd chdir command compgen complete compopt continue
  coproc declare dirs disown do done echo elif else enable esac eval exec exit export false fc fg fi
  for function getopts hash help history if in jobs kill let local logout mapfile popd printf pushd
  pwd read readarray readonly return select set shift shopt source suspend test then time times trap
  true type typeset ulimit umask unalias unset until wait while`.split(/\s+/),
);

/** The words of a command, each in pieces; undefined if it needs a shell, or may need one. */
export function directWords(template: string): readonly (readonly Piece[])[] | undefined {
  const words: Piece[][] = [];
  let word: Piece[] | undefined;
  for (let at = 0; at < template.length; ) {
    const found = matchAt(template, at);
    if (found === undefined) return undefined;
    at += found.length;
    if (found.pieces === undefined) {
      word = undefined;
    } else {
      if (word === undefined) {
        word = [];
        words.push(word);
      }
      for (const piece of found.pieces) word.push(piece);
    }
  }
  return words.length > 0 && isProgram(words[0] as Piece[]) ? words : undefined;
}

/** The token at a position: the pieces of a word, or blanks, which have none. */
function matchAt(
  template: string,
  at: number,
): { readonly length: number; readonly pieces: readonly Piece[] | undefined } | undefined {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(template);
  };
  const blanks = match(BLANKS);
  if (blanks !== null) return { length: blanks[0].length, pieces: undefined };
  const plain = match(PLAIN);
  if (plain !== null) return { length: plain[0].length, pieces: [textPiece(plain[0])] };
  const placeholder = match(PLACEHOLDER);
  if (placeholder !== null) {
    return { length: placeholder[0].length, pieces: piecesOf(placeholder[0], false) };
  }
  const quoted = match(SINGLE_QUOTED) ?? match(DOUBLE_QUOTED);
  if (quoted !== null)
    return { length: quoted[0].length, pieces: piecesOf(quoted[1] as string, true) };
  return undefined;
}

function piecesOf(text: string, isQuoted: boolean): Piece[] {
  return text.split(PLACEHOLDERS_WITHIN).map((part, place) => ({
    text: part,
    // Split puts separators at odd positions.
    isPlaceholder: place % 2 === 1,
    isQuoted,
  }));
}

function textPiece(text: string): Piece {
  return { text, isPlaceholder: false, isQuoted: false };
}

/** Whether the first word is the name of a program, and neither a shell word nor an assignment. */
function isProgram(pieces: readonly Piece[]): boolean {
  if (pieces.some((piece) => piece.isPlaceholder)) return false;
  const name = pieces.map((piece) => piece.text).join('');
  return name !== '' && !name.includes('=') && !SHELL_WORDS.has(name);
}
