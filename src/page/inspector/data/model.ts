/** What the page shows: the actors, one that is selected, and the message at which time stands still. */

import { signal } from '@preact/signals';
import type { ActorRecord } from './actor-record.ts';
import { numUntil } from './actor-record.ts';
import { History } from './history.ts';
import { type Link, type LinkEvents, ServerLink } from './link.ts';
import type { Batch, ProgramFacts, Refusal } from './messages.ts';
import { statusOf } from './tree.ts';
import { WindowLink } from './window-link.ts';

/** Where the page gets what it shows. */
export interface Source {
  readonly origin: string;
  readonly token: string | undefined;
  /** The page that has opened this one: then that is where everything comes from. */
  readonly opener: Window | undefined;
}

/** A page that shows much takes no more than this share of its time to show it: the rest is for people. */
const SHARE = 0.25;
const FRAME = 16;

export class Model {
  readonly history = new History();
  /** Counts up when messages have come, at most once a frame. */
  readonly beat = signal(0);
  /** The key of the actor that was selected. */
  readonly selectedKey = signal<string | undefined>(undefined);
  /** The message after which everything is shown; undefined while the latest is. */
  readonly pausedAt = signal<number | undefined>(undefined);
  readonly search = signal('');
  /** Whether the events of all actors are listed. */
  readonly listsAll = signal(false);
  readonly hidesEnded = signal(false);
  /** Whether events are shown as a sequence between actors. */
  readonly showsSequence = signal(false);
  /** Whether the chart has the whole page. */
  readonly isExpanded = signal(false);
  /** The keys of the actors whose children are not listed. */
  readonly collapsed = signal<ReadonlySet<string>>(new Set());
  /** The programs that are connected. */
  readonly programs = signal<ReadonlyMap<number, ProgramFacts>>(new Map());
  /** The last event that could not be sent. */
  readonly refusal = signal<Refusal | undefined>(undefined);
  readonly link: Link;
  readonly source: Source;
  #isAwaiting = false;
  #cost = 0;

  constructor(source: Source) {
    this.source = source;
    const events: LinkEvents = {
      next: () => this.history.last + 1,
      received: (batch) => this.#take(batch),
    };
    this.link =
      source.opener === undefined
        ? new ServerLink(source, events)
        : new WindowLink(source.opener, events);
  }

  /** The status of the selected actor now, whatever is shown. */
  get status(): string | undefined {
    const { selected, history } = this;
    return selected && statusOf(history, selected, selected.at(history.last), history.last);
  }

  /** Whether the selected actor takes events. */
  get takesEvents(): boolean {
    const { selected } = this;
    if (selected === undefined) return false;
    return this.programs.value.get(selected.program)?.accepts === true;
  }

  /** The link to the dashboard of a pool. */
  dashboardOf({ program, sessionId }: ActorRecord): string | undefined {
    const links = this.programs.value.get(program)?.dashboards ?? {};
    return Object.hasOwn(links, sessionId) ? links[sessionId] : undefined;
  }

  /** Sends an event to the selected actor. */
  send(event: object): void {
    const { selected } = this;
    this.refusal.value = undefined;
    if (selected !== undefined) this.link.send(selected.program, selected.sessionId, event);
  }

  /** The message after which everything is shown. */
  get seq(): number {
    const { last, numDropped } = this.history;
    const { value } = this.pausedAt;
    return value === undefined ? last : Math.min(last, Math.max(value, numDropped));
  }

  /** The actor that was selected, or else the first. */
  get selected(): ActorRecord | undefined {
    const { actors } = this.history;
    const selected = actors.get(this.selectedKey.value ?? '');
    if (selected !== undefined) return selected;
    const [first] = actors.values();
    return first;
  }

  select(key: string): void {
    this.selectedKey.value = key;
  }

  /** Lists the children of an actor, or does not any more. */
  toggle(key: string): void {
    const collapsed = new Set(this.collapsed.value);
    if (!collapsed.delete(key)) collapsed.add(key);
    this.collapsed.value = collapsed;
  }

  pause(): void {
    this.pausedAt.value = this.history.last;
  }

  resume(): void {
    this.pausedAt.value = undefined;
  }

  goTo(seq: number): void {
    const { last, numDropped } = this.history;
    this.pausedAt.value = Math.max(numDropped, Math.min(last, seq));
  }

  /** Goes to the message before this one, or after it, that is about the selected actor. */
  step(by: -1 | 1): void {
    const { selected, seq } = this;
    if (selected === undefined) return;
    const seqs = [selected.snapshots, selected.events].map((entries) => {
      const place = numUntil(entries, by < 0 ? seq - 1 : seq) + (by < 0 ? -1 : 0);
      return entries[place]?.seq;
    });
    const near = seqs.filter((each) => each !== undefined);
    if (near.length > 0) this.goTo(by < 0 ? Math.max(...near) : Math.min(...near));
  }

  #take(batch: Batch): void {
    this.history.add(batch);
    const { programs, refusals = [] } = batch.news ?? {};
    if (programs !== undefined) {
      this.programs.value = new Map(programs.map((each) => [each.program, each]));
    }
    if (refusals.length > 0) this.refusal.value = refusals.at(-1);
    this.#awaitFrame();
  }

  /** Shows what has come: at once, or later the longer it takes. */
  #awaitFrame(): void {
    if (this.#isAwaiting) return;
    this.#isAwaiting = true;
    // Pages in the background have no frames.
    setTimeout(
      () => {
        this.#isAwaiting = false;
        const start = performance.now();
        this.beat.value++;
        // Components are shown in a job after this one.
        setTimeout(() => {
          this.#cost = performance.now() - start;
        });
      },
      Math.max(FRAME, this.#cost * (1 / SHARE - 1)),
    );
  }
}
