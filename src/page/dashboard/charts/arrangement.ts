/** What the charts of the dashboard have in common: the size of their text, and when they are narrow. */

import { useMedia } from '../../ui/hooks.ts';

/** That of the style sheet, in pixels of the drawing; the panel shows it with at least 11 pixels. */
export const TEXT_SIZE = 14;

/** Whether the page is as narrow as on a phone: the same width as in the style sheets. */
export function useIsNarrow(): boolean {
  return useMedia('(max-width: 720px)');
}
