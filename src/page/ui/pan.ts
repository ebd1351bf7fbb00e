/** Lets users drag scrollable areas with the mouse, like maps. */

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * @param ref an element around the scrollable one.
 */
export function usePan(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const outer = ref.current;
    if (outer === null) return undefined;
    const down = (event: PointerEvent): void => {
      const room = outer.querySelector<HTMLElement>('.scroll');
      if (event.pointerType !== 'mouse' || event.button !== 0 || room === null) return;
      const moved = ({ movementX, movementY }: PointerEvent): void => {
        room.scrollBy(-movementX, -movementY);
      };
      const stop = new AbortController();
      const { signal } = stop;
      outer.classList.add('panning');
      const end = (): void => {
        outer.classList.remove('panning');
        stop.abort();
      };
      document.addEventListener('pointermove', moved, { signal });
      document.addEventListener('pointerup', end, { signal });
      document.addEventListener('pointercancel', end, { signal });
    };
    outer.addEventListener('pointerdown', down);
    return () => outer.removeEventListener('pointerdown', down);
  }, []);
}
