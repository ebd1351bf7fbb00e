/** A column heading that sorts its table. */

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

export interface Sorting<K extends string | undefined> {
  readonly by: K;
  readonly isAscending: boolean;
}

interface HeadingProps<K extends string | undefined> {
  readonly name: K & string;
  readonly title: string;
  readonly kind?: string | undefined;
  readonly sorting: Signal<Sorting<K>>;
}

export function Heading<K extends string | undefined>(props: HeadingProps<K>): JSX.Element {
  const { name, title, kind, sorting } = props;
  const { by, isAscending } = sorting.value;
  const isMine = by === name;
  const order = isAscending ? 'ascending' : 'descending';
  return (
    <th class={kind ?? ''} aria-sort={isMine ? order : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          sorting.value = { by: name, isAscending: isMine ? !isAscending : false };
        }}
      >
        {title}
        <span aria-hidden="true">{isMine ? (isAscending ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}
