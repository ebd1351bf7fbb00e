/** Converts shapes of `src/charts` to elements of a page. */

import { h, type JSX } from 'preact';
import type { Shape } from '../../charts/picture.ts';

export function elementOf({ tag, attributes, inside }: Shape, key?: string): JSX.Element {
  const children = typeof inside === 'string' ? inside : inside?.map((shape) => elementOf(shape));
  return h(tag, key === undefined ? attributes : { ...attributes, key }, children);
}
