/** Values of the command line in messages. */

/** The text, in quotes if it would be invisible. */
export function visible(text: string): string {
  return text.trim() === '' ? `'${text}'` : text;
}
