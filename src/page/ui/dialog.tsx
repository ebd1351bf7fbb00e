/** A modal confirmation dialog. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './controls.tsx';

export interface Question {
  readonly title: string;
  /** The consequences. */
  readonly text: string;
  /** The label of the confirming button. */
  readonly action: string;
  readonly onConfirm: () => void;
  /** Called if it is dismissed. */
  readonly onCancel?: () => void;
}

interface ConfirmProps {
  readonly question: Question;
  readonly onClose: () => void;
}

export function Confirm({ question, onClose }: ConfirmProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  // Opened before the next key event, which belongs to the dialog.
  useLayoutEffect(() => ref.current?.showModal(), []);
  const isConfirmed = useRef(false);
  const confirm = (): void => {
    isConfirmed.current = true;
    ref.current?.close();
  };
  const closed = (): void => {
    onClose();
    if (isConfirmed.current) question.onConfirm();
    else question.onCancel?.();
  };
  return (
    <dialog ref={ref} aria-labelledby="question" onClose={closed}>
      <h2 id="question">{question.title}</h2>
      <p>{question.text}</p>
      <div class="actions">
        <Button onClick={() => ref.current?.close()}>Keep as it is</Button>
        <Button onClick={confirm} danger primary>
          {question.action}
        </Button>
      </div>
    </dialog>
  );
}
