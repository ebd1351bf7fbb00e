/** Estimates the width of text in any font, since nothing can be measured where charts are laid out. */

const NARROW = new Set("iljtfrI.,:;|!'()[]/ ");
const WIDE = new Set('mwMWOQ@%');
/** Characters after this one, of wide scripts, are as wide as they are tall. */
const LAST_LATIN = '\u02ff';

/** The width of a character in em, for a wide sans-serif font. */
function widthOf(character: string): number {
  if (NARROW.has(character)) return 0.4;
  if (WIDE.has(character)) return 0.98;
  if (character > LAST_LATIN) return 1;
  return /[A-Z\d_]/.test(character) ? 0.7 : 0.62;
}

/**
 * @param size of the font, in pixels.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}
