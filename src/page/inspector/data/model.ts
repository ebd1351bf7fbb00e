/** The model of the page: the actors, the selected one, and the message at which time is paused. */

import { signal } from '@preact/signals';
import type { ActorRecord } from './actor-record.ts';
import { numUntil } from './actor-record.ts';
import { History } from './history.ts';
import { type Link, type LinkEvents, ServerLink } from './link.ts';
import type { Batch, ProgramFacts, Refusal } from './messages.ts';
import { statusOf } from './tree.ts';
import { WindowLink } from './window-link.ts';

/** The source of messages. */
export interface Source {
  readonly origin: string;
  readonly token: string | undefined;
  /** The page that opened this one, if messages come from there. */
  readonly opener: Window | undefined;
}

/** The maximum share of time for rendering, so that the page stays responsive. */
const SHARE = 0.25;
const FRAME = 16;

export class Model {
  readonly history = new History();
  /** Incremented when messages have arrived, at most once per frame. */
  readonly beat = signal(0);
  /** The key of the selected actor. */
  readonly selectedKey = signal<string | undefined>(undefined);
  /** The message after which everything is shown; undefined to follow the latest. */
  readonly pausedAt = signal<number | undefined>(undefined);
  readonly search = signal('');
  /** Whether the events of all actors are listed. */
  readonly listsAll = signal(false);
  readonly hidesEnded = signal(false);
  /** Whether events are shown as a sequence diagram. */
  readonly showsSequence = signal(false);
  /** Whether the chart fills the page. */
  readonly isExpanded = signal(false);
  /** The keys of the actors whose children are hidden. */
  readonly collapsed = signal<ReadonlySet<string>>(new Set());
  /** The connected programs. */
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

  /** The current status of the selected actor, independent of the shown message. */
  get status(): string | undefined {
    const { selected, history } = this;
    return selected && statusOf(history, selected, selected.at(history.last), history.last);
  }

  /** Whether the selected actor accepts events. */
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

  /** The selected actor, or else the first one. */
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

  /** Shows or hides the children of an actor. */
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

  /** Goes to the previous or next message about the selected actor. */
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

  /** Schedules a rerender: in the next frame, or later the longer rendering takes. */
  #awaitFrame(): void {
    if (this.#isAwaiting) return;
    this.#isAwaiting = true;
    // A timeout, since pages in the background have no frames.
    setTimeout(
      () => {
        this.#isAwaiting = false;
        const start = performance.now();
        this.beat.value++;
        // Components are rendered in a job after this one.
        setTimeout(() => {
          this.#cost = performance.now() - start;
        });
      },
      Math.max(FRAME, this.#cost * (1 / SHARE - 1)),
    );
  }
}
