/** Small controls. */

import type { ComponentChildren, JSX } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: (event: MouseEvent) => void;
  /** Whether its action is irreversible. */
  readonly danger?: boolean | undefined;
  readonly primary?: boolean | undefined;
  readonly pressed?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** The accessible name, if the text is not enough. */
  readonly label?: string | undefined;
  readonly title?: string | undefined;
}

export function Button(props: ButtonProps): JSX.Element {
  const { children, onClick, danger, primary, pressed, disabled, label, title } = props;
  const kinds = ['btn', danger ? 'danger' : '', primary ? 'primary' : ''];
  return (
    <button
      type="button"
      class={kinds.filter(Boolean).join(' ')}
      onClick={onClick}
      aria-pressed={pressed}
      aria-label={label}
      title={title}
      disabled={disabled}
    >
      {children}
    </button>
  );
}

type LinkProps = Pick<ButtonProps, 'children' | 'onClick' | 'danger' | 'label' | 'title'>;

/** A button styled as a link, for tables and sentences. */
export function Link({ children, onClick, danger, label, title }: LinkProps): JSX.Element {
  return (
    <button
      type="button"
      class={danger ? 'link danger' : 'link'}
      onClick={(event) => {
        event.stopPropagation();
        onClick(event);
      }}
      aria-label={label}
      title={title}
    >
      {children}
    </button>
  );
}

interface PanelProps {
  readonly title: ComponentChildren;
  /** Content next to the title. */
  readonly right?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly label: string;
  readonly class?: string;
}

export function Panel(props: PanelProps): JSX.Element {
  return (
    <section class={`panel ${props.class ?? ''}`} aria-label={props.label}>
      <div class="cap">
        <h2 title={typeof props.title === 'string' ? props.title : undefined}>{props.title}</h2>
        <div class="right">{props.right}</div>
      </div>
      {props.children}
    </section>
  );
}

/** A placeholder for empty lists. */
export function Empty(props: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <b>{props.title}</b>
      {props.children !== undefined && <span>{props.children}</span>}
    </div>
  );
}

/** A colour and its meaning. */
export function Key(props: {
  readonly color: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span>
      <i class="dot" style={{ background: `var(--${props.color})` }} />
      {props.children}
    </span>
  );
}
