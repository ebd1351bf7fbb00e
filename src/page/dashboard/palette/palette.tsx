/** The command palette: runs any control command, with completion, and shows the answer. */

import { useSignal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { count } from '../../ui/format.ts';
import { useModal } from '../../ui/modal.ts';
import { chooseScheme } from '../../ui/scheme.ts';
import { useModel } from '../context.ts';
import { consequenceOf } from '../data/consequences.ts';
import { HINTS } from '../keys.ts';
import { useCompletion } from './use-completion.ts';
import { useUsage } from './use-usage.ts';

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

/** Tables keep their columns; prose is wrapped. */
function kindOf({ text, isError }: Answer): string {
  if (isError) return 'prose bad';
  return text.includes('\n') ? '' : 'prose';
}

/** The maximum number of candidates shown. */
const MOST = 12;

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

export function Palette(): JSX.Element {
  const model = useModel();
  const { dialog, close } = useModal(() => {
    model.isPaletteOpen.value = false;
  });
  const line = useSignal('');
  const current = useSignal(0);
  const answer = useSignal<Answer | undefined>(undefined);
  const { before, candidates: found } = useCompletion(model, line.value);
  const usage = useUsage(model, line.value);
  // The answer is shown until the user types the next command.
  const isAnswered = answer.value !== undefined && line.value === '';
  const candidates = isAnswered ? [] : found.slice(0, MOST);
  const more = isAnswered ? 0 : found.length - candidates.length;

  const complete = (candidate: string): void => {
    line.value = `${before}${candidate} `;
    current.value = 0;
  };
  const run = (): void => {
    const asked = line.value.trim();
    if (asked === '' || pageCommand(asked)) return;
    answer.value = { text: '…', isError: false };
    const { value: live } = model.live;
    const present = live && { state: live.state, numPending: model.numPending(live) };
    model.actions.line(asked, consequenceOf(asked, present)).then(
      (text) => {
        answer.value = { text: text === '' ? 'ok' : text, isError: false };
        line.value = '';
      },
      (error: Error) => {
        answer.value = { text: error.message, isError: true };
      },
    );
  };
  /** Commands of the page itself. */
  const pageCommand = (asked: string): boolean => {
    const [, what, number] = /^(go|show)\s+(?:task\s+)?(\d+)$/.exec(asked) ?? [];
    if (what === 'go') model.travel.go(Number(number));
    else if (what === 'show') model.select(Number(number));
    else if (!/^(light|dark|system)$/.test(asked)) return false;
    else chooseScheme(asked as 'light' | 'dark' | 'system');
    close();
    return true;
  };
  const key = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    const candidate = candidates[current.value];
    const step = STEPS[event.key];
    if (step !== undefined && candidates.length > 0) {
      current.value = (current.value + step + candidates.length) % candidates.length;
    } else if (event.key === 'Tab' && answer.value === undefined) {
      // Tab does not leave a command that is being typed, even before there are candidates.
      if (candidate !== undefined) complete(candidate);
    } else if (event.key === 'Enter') run();
    else return;
    event.preventDefault();
  };
  return (
    <dialog {...dialog} class="palette" aria-label="Command palette">
      <input
        role="combobox"
        aria-label="Command"
        aria-expanded={candidates.length > 0}
        aria-controls="candidates"
        aria-activedescendant={candidates.length > 0 ? `candidate-${current.value}` : undefined}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder="A command: status, pool-size 8, explain 12, go 41207 …"
        value={line.value}
        onInput={({ currentTarget }) => {
          line.value = currentTarget.value;
          current.value = 0;
          answer.value = undefined;
        }}
        onKeyDown={key}
      />
      <div id="candidates" class="candidates" role="listbox" aria-label="What may come next">
        {candidates.map((candidate, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus.
          <div
            key={candidate}
            id={`candidate-${place}`}
            role="option"
            aria-selected={place === current.value}
            onClick={() => complete(candidate)}
          >
            {candidate}
          </div>
        ))}
      </div>
      {more > 0 && <p class="more soft">and {count(more)} more: type on</p>}
      {usage !== '' && answer.value === undefined && <p class="usage">{usage}</p>}
      {answer.value !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <pre class={`answer ${kindOf(answer.value)}`} role="status" tabIndex={0}>
          {answer.value.text}
        </pre>
      )}
      {line.value === '' && answer.value === undefined && <Hints />}
    </dialog>
  );
}

function Hints(): JSX.Element {
  return (
    <dl class="keys">
      {HINTS.map(([key, text]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
