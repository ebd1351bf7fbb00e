/** Text for terminals, which obey what is hidden in it: names and messages may come from anywhere. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** The text with control characters written out, `\x1b`; newlines and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, (char) =>
    char === '\n' || char === '\t' ? char : escaped(char),
  );
}

/** The same in one line: newlines and tabs are written out as well. */
export function printableLine(text: string): string {
  return text.replaceAll(CONTROL, escaped);
}

function escaped(char: string): string {
  const code = char.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
}
