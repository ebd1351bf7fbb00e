/** A scrollable part of the page, reachable by keyboard, with an accessible name. */

import type { ComponentChildren, JSX } from 'preact';

interface ScrollProps {
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Scroll({ label, class: name, children }: ScrollProps): JSX.Element {
  return (
    <section
      class={name === undefined ? 'scroll' : `scroll ${name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </section>
  );
}
