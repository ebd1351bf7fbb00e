/** A modal confirmation dialog. */

import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Button } from './controls.tsx';
import { useModal } from './modal.ts';

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
  const isConfirmed = useRef(false);
  const { dialog, close } = useModal(() => {
    onClose();
    if (isConfirmed.current) question.onConfirm();
    else question.onCancel?.();
  });
  const confirm = (): void => {
    isConfirmed.current = true;
    close();
  };
  return (
    <dialog {...dialog} aria-labelledby="question">
      <h2 id="question">{question.title}</h2>
      <p>{question.text}</p>
      <div class="actions">
        <Button onClick={close}>Keep as it is</Button>
        <Button onClick={confirm} danger primary>
          {question.action}
        </Button>
      </div>
    </dialog>
  );
}
