/** A value as a tree that can be expanded, with changes marked. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Link } from '../ui/controls.tsx';
import { count, json, plain } from '../ui/format.ts';

interface TreeProps {
  readonly value: unknown;
  /** The previous value. */
  readonly before: unknown;
}

/** The number of list entries shown at first. */
const SHOWN = 100;
const LONGEST = 500;
/** The number of characters of a long text shown at first. */
const SHOWN_TEXT = 400;
/** The limits of comparing values, which is done in each render. */
const MOST_COMPARED = 2000;
const DEEPEST = 50;

export function Tree({ value, before }: TreeProps): JSX.Element {
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0) return <Leaf value={value} before={before} />;
  return <Entries entries={entries} value={value} before={before} isOpen />;
}

interface EntriesProps extends TreeProps {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly isOpen: boolean;
}

function Entries({ entries, value, before, isOpen }: EntriesProps): JSX.Element {
  const [numShown, setNumShown] = useState(SHOWN);
  const removed = (entriesOf(before) ?? []).filter(([name]) => !hasName(value, name));
  return (
    <ul class="tree">
      {entries.slice(0, numShown).map(([name, inside]) => (
        <Part key={name} name={name} value={inside} before={inOf(before, name)} isOpen={isOpen} />
      ))}
      {entries.length > numShown && (
        <li>
          <Link onClick={() => setNumShown(numShown + 10 * SHOWN)}>
            {`${count(entries.length - numShown)} more`}
          </Link>
        </li>
      )}
      {removed.slice(0, SHOWN).map(([name, inside]) => (
        <li key={`removed ${name}`} class="removed">
          <span class="name">{name}</span> {json(inside, 60)}
        </li>
      ))}
    </ul>
  );
}

interface PartProps extends TreeProps {
  readonly name: string;
  readonly isOpen: boolean;
}

function Part({ name, value, before, isOpen }: PartProps): JSX.Element {
  const [open, setOpen] = useState(isOpen);
  const actor = actorIn(value);
  if (actor !== undefined) {
    const Tag = actorIn(before) === actor ? 'span' : 'mark';
    return (
      <li>
        <span class="name">{name}</span> <Tag class="leaf">actor {actor}</Tag>
      </li>
    );
  }
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0) {
    return (
      <li>
        <span class="name">{name}</span> <Leaf value={value} before={before} />
      </li>
    );
  }
  const isChanged = !isSame(value, before);
  return (
    <li>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary class={isChanged ? 'changed' : ''}>
          <span class="name">{name}</span>{' '}
          <span class="soft">
            {Array.isArray(value) ? `[${count(entries.length)}]` : `{${count(entries.length)}}`}
          </span>
        </summary>
        {open && <Entries entries={entries} value={value} before={before} isOpen={false} />}
      </details>
    </li>
  );
}

function Leaf({ value, before }: TreeProps): JSX.Element {
  const [isWhole, setIsWhole] = useState(false);
  const text = typeof value === 'string' ? JSON.stringify(value) : json(value, LONGEST);
  const kind = value === null ? 'null' : typeof value;
  const left = isWhole ? 0 : text.length - SHOWN_TEXT;
  const shown = left > 0 ? plain(`${text.slice(0, SHOWN_TEXT)}…`) : plain(text);
  const rest = left > 0 && (
    <Link onClick={() => setIsWhole(true)}>{`${count(left)} more characters`}</Link>
  );
  if (isSame(value, before)) {
    return (
      <>
        <span class={`leaf ${kind}`}>{shown}</span> {rest}
      </>
    );
  }
  return (
    <>
      <mark class={`leaf ${kind}`}>{shown}</mark> {rest}
      {before !== undefined && entriesOf(before) === undefined && (
        <span class="was"> was {json(before, 60)}</span>
      )}
    </>
  );
}

/** The id of the actor that a value stands for: xstate serializes nothing else of an actor. */
function actorIn(value: unknown): string | undefined {
  const { xstate$$type: kind, id } = Object(value) as {
    readonly xstate$$type?: unknown;
    readonly id?: unknown;
  };
  return kind === 1 && typeof id === 'string' ? id : undefined;
}

/** Returns undefined for values without entries. */
function entriesOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
}

function hasName(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function inOf(value: unknown, name: string): unknown {
  return hasName(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Whether two values are equal; of very large ones only a part is compared. */
function isSame(a: unknown, b: unknown, room = { left: MOST_COMPARED }, depth = 0): boolean {
  if (a === b) return true;
  const [inA, inB] = [entriesOf(a), entriesOf(b)];
  if (inA === undefined || inB === undefined || inA.length !== inB.length) return false;
  if (depth > DEEPEST) return true;
  return inA.every(([name, inside]) => {
    if (room.left-- <= 0) return true;
    return hasName(b, name) && isSame(inside, inOf(b, name), room, depth + 1);
  });
}
