/** A hook for modal dialogs, which are open as long as they are rendered. */

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Modal {
  /** What the `dialog` needs. */
  readonly dialog: {
    readonly ref: RefObject<HTMLDialogElement | null>;
    readonly onCancel: (event: Event) => void;
    readonly onClose: () => void;
  };
  readonly close: () => void;
}

/** @param onClose called once, when it is closed by the user or by `close`. */
export function useModal(onClose: () => void): Modal {
  const ref = useRef<HTMLDialogElement>(null);
  const isClosed = useRef(false);
  // Opened before the next key event, which belongs to the dialog.
  useLayoutEffect(() => ref.current?.showModal(), []);
  const close = (): void => {
    if (isClosed.current) return;
    isClosed.current = true;
    // Restores the focus.
    ref.current?.close();
    onClose();
  };
  const onCancel = (event: Event): void => {
    // The `close` event is fired with the next frame: the user may have pressed the next key before.
    event.preventDefault();
    close();
  };
  return { dialog: { ref, onCancel, onClose: close }, close };
}
