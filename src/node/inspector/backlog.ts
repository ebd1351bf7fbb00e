/** Stores messages of programs for pages that connect later, limited in number and size. */

/** A message as sent to pages. */
export interface Entry {
  readonly seq: number;
  /** The actor it is about, with its program. */
  readonly key: string;
  readonly type: string;
  /** The JSON that is sent. */
  readonly text: string;
}

/** The last dropped messages about an actor: its creation and its latest state. */
interface Base {
  readonly actor: Entry | undefined;
  readonly snapshot: Entry | undefined;
}

export interface BacklogLimits {
  /** The maximum number of messages. */
  readonly messages: number;
  /** The maximum number of characters of all messages. */
  readonly characters: number;
  /** The maximum number of actors that are remembered after their messages were dropped. */
  readonly actors: number;
  /** The maximum number of characters remembered of these actors. */
  readonly baseCharacters: number;
}

const LIMITS: BacklogLimits = {
  messages: 50_000,
  characters: 64_000_000,
  actors: 5000,
  baseCharacters: 16_000_000,
};
/** The share of messages that are dropped together, since the rest must be moved. */
const DROPPED_AT_ONCE = 0.02;

export class Backlog {
  readonly #limits: BacklogLimits;
  #entries: Entry[] = [];
  #first = 0;
  #numCharacters = 0;
  readonly #bases = new Map<string, Base>();
  #numBaseCharacters = 0;

  constructor(limits: BacklogLimits = LIMITS) {
    this.#limits = limits;
  }

  /** The number of the oldest stored message, which is also the number of dropped ones. */
  get first(): number {
    return this.#first;
  }

  /** The number of the next message. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  add(key: string, type: string, program: number, message: string, at = Date.now()): void {
    const seq = this.next;
    const text = `{"seq":${seq},"program":${program},"at":${at},"message":${message}}`;
    this.#entries.push({ seq, key, type, text });
    this.#numCharacters += text.length;
    this.#drop();
  }

  /** Messages from a number on, as many as fit; at least one if there is any. */
  from(seq: number, maxCharacters: number): readonly Entry[] {
    const start = Math.max(0, seq - this.#first);
    let end = start;
    for (let room = maxCharacters; end < this.#entries.length; end++) {
      room -= (this.#entries[end] as Entry).text.length;
      if (room < 0 && end > start) break;
    }
    return this.#entries.slice(start, end);
  }

  /** The creation and latest state of the actors whose messages were dropped. */
  bases(): readonly Entry[] {
    return [...this.#bases.values()]
      .flatMap(({ actor, snapshot }) => [actor, snapshot])
      .filter((entry) => entry !== undefined);
  }

  #drop(): void {
    const { messages, characters } = this.#limits;
    const entries = this.#entries;
    if (entries.length <= messages && this.#numCharacters <= characters) return;
    const least = Math.ceil(messages * DROPPED_AT_ONCE);
    let count = 0;
    while (count < entries.length - 1 && (count < least || this.#numCharacters > characters)) {
      const entry = entries[count++] as Entry;
      this.#numCharacters -= entry.text.length;
      this.#remember(entry);
    }
    this.#entries = entries.slice(count);
    this.#first += count;
  }

  #remember(entry: Entry): void {
    const { key, type } = entry;
    const known = this.#bases.get(key);
    const base = known ?? { actor: undefined, snapshot: undefined };
    if (type === '@xstate.actor') this.#keepBase(key, known, { ...base, actor: entry });
    else if (type === '@xstate.snapshot') this.#keepBase(key, known, { ...base, snapshot: entry });
  }

  /** Keeps the actors with the most recent messages. */
  #keepBase(key: string, before: Base | undefined, base: Base): void {
    const { actors, baseCharacters } = this.#limits;
    this.#bases.delete(key);
    this.#bases.set(key, base);
    this.#numBaseCharacters += lengthOf(base) - lengthOf(before);
    for (const [oldest, its] of this.#bases) {
      if (this.#bases.size <= actors && this.#numBaseCharacters <= baseCharacters) break;
      this.#bases.delete(oldest);
      this.#numBaseCharacters -= lengthOf(its);
    }
  }
}

function lengthOf(base: Base | undefined): number {
  return (base?.actor?.text.length ?? 0) + (base?.snapshot?.text.length ?? 0);
}
