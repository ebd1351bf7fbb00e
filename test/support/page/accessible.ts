/** Checks the accessibility of a page with axe. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** All rules of axe, or those that depend on the scheme. */
export type Rules = 'all' | 'contrast';

/**
 * What axe cannot decide, and was checked manually, in both schemes:
 * - the contrast of `−`, `+`, `×` and `▸`, which are no text to it: they have the colours of text or links;
 * - the contrast of names and rates in charts and sequences, which stand on shapes that it takes for what covers
 *   them: they have the colours of text, on the panel or on the boxes of states;
 * - whether a button `−` is named `Pool size: one less` by what is seen of it: a sign has no name.
 */
const LOOKED_AT = new Set(['color-contrast', 'label-content-name-mismatch']);

/** Puts axe into a page, once it has been loaded. */
export async function addAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source);
}

/**
 * The problems that axe finds in the page, and those that it cannot decide and nobody has checked.
 *
 * @param within the selector of the part that has changed since the whole page was checked, which is slow.
 */
export async function violations(
  page: Page,
  rules: Rules = 'all',
  within?: string,
): Promise<readonly string[]> {
  const only = rules === 'all' ? '' : `, runOnly: ['color-contrast']`;
  const { violations, incomplete } = await page.evaluate<{
    readonly violations: readonly Found[];
    readonly incomplete: readonly Found[];
  }>(
    `axe.run(${JSON.stringify(within) ?? 'document'}, { resultTypes: ['violations', 'incomplete']${only} })
      .then(({ violations, incomplete }) => ({ violations, incomplete }))`,
  );
  const undecided = incomplete.filter(({ id }) => !LOOKED_AT.has(id));
  return [...violations, ...undecided].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}
