/** The model of the page: the current state of a pool, or a past one. All components read it. */

import { batch, computed, type Signal, signal } from '@preact/signals';
import { ControlLink, type Greeting, type LinkStatus } from '../../../control/client/index.ts';
import { Actions } from './actions.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { Densities } from './densities.ts';
import { follow, load } from './feed.ts';
import type { Moment } from './moment.ts';
import { Statistics } from './statistics.ts';
import { Submitted } from './submitted.ts';
import { Travel } from './travel.ts';

/** Milliseconds between two updates of numbers: nobody can read faster. */
const BEAT = 250;

export type TabName = 'groups' | 'functions' | 'tasks' | 'failures' | 'limits' | 'events';

const TABS: readonly TabName[] = ['groups', 'functions', 'tasks', 'failures', 'limits', 'events'];

export interface ModelOptions {
  /** The URL of the WebSocket. */
  readonly socket: string;
  readonly token: string | undefined;
}

export class Model {
  readonly link: ControlLink;
  readonly status = signal<LinkStatus>('connecting');
  /** Why there is no connection, or why following has failed. */
  readonly failure = signal<string | undefined>(undefined);
  readonly greeting = signal<Greeting | undefined>(undefined);
  /** The current state of the pool; undefined before it is known. */
  readonly live = signal<Moment | undefined>(undefined);
  /** Incremented when the shown state has changed, or time has passed; a few times per second. */
  readonly beat = signal(0);
  readonly tab: Signal<TabName>;
  /** The selected task. */
  readonly task: Signal<number | undefined>;
  /** The state or outcome by which the list of tasks is filtered. */
  readonly taskState = signal('');
  /** The group by which the list of tasks is filtered. */
  readonly group: Signal<string | undefined>;
  readonly isPaletteOpen = signal(false);
  readonly actions: Actions;
  readonly travel: Travel;
  readonly densities: Densities;
  readonly statistics: Statistics;
  readonly submitted: Submitted;
  /** Another moment that is compared with the shown one. */
  readonly pinned = signal<Moment | undefined>(undefined);
  /** The shown moment. */
  readonly shown = computed(() => this.travel.past.value ?? this.live.value);
  readonly isLive = computed(() => this.travel.past.value === undefined);
  /** Whether the pool cannot be reached at the moment. */
  readonly isOffline = computed(() => this.status.value !== 'connected');
  /** Whether the page shows controls that change the pool. */
  readonly mayChange = computed(() => {
    // The state changes without a signal of its own.
    void this.beat.value;
    const isWritable = this.greeting.value?.readOnly === false;
    return isWritable && this.isLive.value && this.live.value?.state.status !== 'closed';
  });
  /** The approximate offset between the clock here and that of the pool's machine, in milliseconds. */
  #skew = Number.POSITIVE_INFINITY;
  /** When the connection was lost, by the clock here: nothing is known of what has happened since. */
  #lostAt: number | undefined = undefined;

  constructor({ socket, token }: ModelOptions) {
    const address = readAddress();
    this.tab = signal(TABS.find((tab) => tab === address.tab) ?? 'groups');
    this.task = signal(address.task);
    this.group = signal(address.group);
    this.link = new ControlLink({
      connect: socket,
      ...(token === undefined ? {} : { token }),
      ...(address.pool === undefined ? {} : { pool: address.pool }),
      onStatus: (link) => this.#changed(link),
    });
    this.actions = new Actions(this.link);
    this.travel = new Travel(this.link, this.live);
    this.densities = new Densities(this.link);
    this.statistics = new Statistics(this.link);
    this.submitted = new Submitted(this.link);
    void this.#follow(address);
    setInterval(() => this.#beat(), BEAT);
    // The fragment may have been rewritten since.
    addEventListener('hashchange', ({ newURL }) => this.#goTo(readAddress(new URL(newURL).hash)));
  }

  /** The time of the shown state: that of the pool's machine, or that of the past moment. */
  now(): number {
    const moment = this.shown.value;
    const { past, time } = this.travel;
    if (moment === undefined) return Date.now();
    if (past.value !== undefined) return Math.max(moment.at, time ?? 0);
    if (moment.state.status === 'closed') return moment.at;
    const skew = Number.isFinite(this.#skew) ? this.#skew : 0;
    return Math.max(moment.at, (this.#lostAt ?? Date.now()) - skew);
  }

  /** The number of pending items, as the pool counts it; in the past without submissions, which have no events. */
  numPending(moment: Moment): number {
    const { numPending } = moment.counts();
    return this.isLive.value ? numPending + this.submitted.numWaiting.value : numPending;
  }

  /** Shows a list. */
  open(tab: TabName): void {
    this.tab.value = tab;
  }

  /** Shows the tasks in a state. */
  tasksOf(state: string): void {
    this.taskState.value = state;
    this.open('tasks');
  }

  /** Selects a group. */
  selectGroup(group: string | undefined): void {
    this.group.value = group;
    this.task.value = undefined;
  }

  /** Shows the tasks of a group. */
  tasksOfGroup(group: string): void {
    this.group.value = group;
    this.open('tasks');
  }

  /** Loads the state after an event, to compare it with the shown one. */
  async pin(seq: number): Promise<void> {
    try {
      this.pinned.value = await load(this.link, seq, { ended: 0, before: 0 });
    } catch (error) {
      this.actions.say((error as Error).message, true);
    }
  }

  select(task: number | undefined): void {
    this.task.value = task;
  }

  /** The fragment for the shown state, so that the link leads here again. */
  address(): Address {
    const { greeting, tab, task, group, travel } = this;
    const pools = greeting.value?.pools ?? [];
    return {
      pool: pools.length > 1 ? this.link.pool : undefined,
      tab: tab.value === 'groups' ? undefined : tab.value,
      task: task.value,
      group: group.value,
      at: travel.past.value?.seq,
    };
  }

  /** Applies a fragment that the user has changed, or a link to this page. */
  #goTo({ pool, tab, task, group, at }: Address): void {
    if (pool !== undefined && pool !== this.link.pool) {
      location.reload();
      return;
    }
    batch(() => {
      this.tab.value = TABS.find((name) => name === tab) ?? this.tab.value;
      this.task.value = task;
      this.group.value = group;
    });
    if (at === undefined) this.travel.present();
    else this.travel.go(at);
  }

  async #follow({ at }: Address): Promise<void> {
    let place = at;
    await follow(this.link, {
      began: (moment, isWhole) => {
        this.live.value = moment;
        this.failure.value = undefined;
        this.#isWhole = isWhole;
        if (place !== undefined) this.travel.go(place);
        place = undefined;
        this.#tick();
      },
      happened: (_, lag) => {
        if (lag < this.#skew) this.#skew = lag;
        this.#isNews = true;
      },
      failed: (error) => {
        this.failure.value = error.message;
      },
      replaced: () => this.#replaced(),
    });
  }

  /** Resets selections and comparisons of a pool that does not exist any more. */
  #replaced(): void {
    batch(() => {
      this.travel.present();
      this.pinned.value = undefined;
      this.task.value = undefined;
      this.group.value = undefined;
    });
    this.#skew = Number.POSITIVE_INFINITY;
    this.statistics.forget();
    this.densities.forget();
    this.actions.say('The program was restarted: this is its new pool, from its beginning', true);
  }

  #isNews = false;
  /** Whether the state is loaded: figures of the whole history, which take longest, are requested after it. */
  #isWhole = false;

  #beat(): void {
    const { live, isLive, travel } = this;
    const isRunning = isLive.value && (live.value?.state.numRunning ?? 0) > 0;
    if (this.#isNews || isRunning || travel.isPlaying.value) this.#tick();
    this.#isNews = false;
    if (isLive.value && live.value !== undefined) void this.submitted.refresh(live.value.state);
    const { shown } = this;
    if (live.value === undefined || shown.value === undefined) return;
    if (this.#isWhole) {
      this.densities.refresh(live.value.seq);
      this.statistics.refresh(shown.value.seq, isLive.value);
    }
    document.title = `${live.value.state.name} · taskpool`;
    writeAddress(this.address());
  }

  #tick(): void {
    this.beat.value++;
  }

  #changed(link: ControlLink): void {
    batch(() => {
      this.status.value = link.status;
      this.#lostAt = link.status === 'connected' ? undefined : (this.#lostAt ?? Date.now());
      this.greeting.value = link.greeting;
      this.failure.value = link.status === 'connected' ? undefined : link.failure?.message;
    });
  }
}
