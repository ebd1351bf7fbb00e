/** Tabs with keyboard support as described by ARIA: arrows move between them. */

import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface Tab<N extends string> {
  readonly name: N;
  readonly title: string;
  /** The number of items in the tab. */
  readonly note?: string | undefined;
}

interface TabsProps<N extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<N>[];
  readonly current: N;
  readonly onSelect: (name: N) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function Tabs<N extends string>(props: TabsProps<N>): JSX.Element {
  const { label, tabs, current, onSelect } = props;
  const list = useRef<HTMLDivElement>(null);
  // Keeps the selected tab visible if not all fit.
  useLayoutEffect(() => {
    const place = tabs.findIndex(({ name }) => name === current);
    const tab = list.current?.children[place] as HTMLElement | undefined;
    if (list.current === null || tab === undefined) return;
    const { offsetLeft, offsetWidth } = tab;
    const { scrollLeft, clientWidth } = list.current;
    const left = offsetLeft - list.current.offsetLeft;
    if (left < scrollLeft || left + offsetWidth > scrollLeft + clientWidth) {
      list.current.scrollLeft = left + offsetWidth / 2 - clientWidth / 2;
    }
  }, [current]);
  const move = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const place = tabs.findIndex(({ name }) => name === current);
    const ends: Readonly<Record<string, number>> = { Home: 0, End: tabs.length - 1 };
    const step = STEPS[event.key];
    const next = step === undefined ? ends[event.key] : (place + step + tabs.length) % tabs.length;
    const tab = next === undefined ? undefined : tabs[next];
    if (tab === undefined || next === undefined) return;
    event.preventDefault();
    onSelect(tab.name);
    (event.currentTarget.children[next] as HTMLElement).focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ name, title, note }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === current}
          aria-controls={`panel-${name}`}
          tabIndex={name === current ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {title}
          {note !== undefined && <small>{note}</small>}
        </button>
      ))}
    </div>
  );
}

/** The content of the selected tab. */
export function TabPanel(props: {
  readonly name: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <div
      class="tab-panel"
      role="tabpanel"
      id={`panel-${props.name}`}
      aria-labelledby={`tab-${props.name}`}
    >
      {props.children}
    </div>
  );
}
