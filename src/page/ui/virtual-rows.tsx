/** The rows of a long table, of which only visible ones are rendered. */

import type { ComponentChildren, JSX, TargetedEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSize } from './hooks.ts';

interface VirtualRowsProps {
  readonly count: number;
  /** The height of a row, in pixels. */
  readonly rowHeight: number;
  readonly head: JSX.Element;
  readonly columns: number;
  readonly row: (index: number) => ComponentChildren;
  readonly label: string;
  /** Keeps the end in view, unless the user has scrolled away. */
  readonly followEnd?: boolean;
  /** Scrolls this row into view when it changes. */
  readonly current?: number | undefined;
}

const BEYOND = 6;

export function VirtualRows(props: VirtualRowsProps): JSX.Element {
  const { count, rowHeight, head, columns, row, label, followEnd = false, current } = props;
  const [ref, { height }] = useSize<HTMLElement>();
  const [top, setTop] = useState(0);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element !== null && followEnd && isAtEnd.current) element.scrollTop = element.scrollHeight;
  });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null || current === undefined || current < 0) return;
    const at = current * rowHeight;
    const room = element.clientHeight - HEAD - rowHeight;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at > element.scrollTop + room) element.scrollTop = at - room;
  }, [current]);
  const numInSight = Math.ceil(height / rowHeight);
  // The table may have become shorter since it was scrolled.
  const start = Math.min(Math.floor(top / rowHeight), count - numInSight);
  const first = Math.max(0, start - BEYOND);
  const last = Math.min(count, start + numInSight + BEYOND + 1);
  const scrolled = (event: TargetedEvent<HTMLElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - rowHeight;
    setTop(scrollTop);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section class="scroll" ref={ref} onScroll={scrolled} tabIndex={0} aria-label={label}>
      <table aria-rowcount={count + 1}>
        <thead>{head}</thead>
        <tbody>
          <Spacer height={first * rowHeight} columns={columns} />
          {Array.from({ length: Math.max(0, last - first) }, (_, place) => row(first + place))}
          <Spacer height={Math.max(0, count - last) * rowHeight} columns={columns} />
        </tbody>
      </table>
    </section>
  );
}

const HEAD = 27;

function Spacer(props: { readonly height: number; readonly columns: number }): JSX.Element | null {
  if (props.height <= 0) return null;
  return (
    <tr class="spacer">
      <td colSpan={props.columns} style={{ height: `${props.height}px` }} />
    </tr>
  );
}
