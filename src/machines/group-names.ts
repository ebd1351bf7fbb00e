/** Default names of new groups. */

import { TaskGroupAlreadyExists } from '../errors.ts';
import { quoted } from '../kit/printed.ts';
import { hasFieldsOf } from '../kit/same-fields.ts';
import { GroupIdentity, type GroupKind } from './group-identity.ts';
import type { GroupTable } from './group-table.ts';
import type { GroupRecord } from './records.ts';

export class GroupNames {
  readonly #groups: GroupTable<GroupRecord>;
  /**
   * The number for the next group without a name. Each earlier number belongs to a group or was skipped because a
   * group had chosen that name, so there are not more numbers than groups.
   */
  #next: number;
  /** The kind of the previous group: most groups have the same, and share it. */
  #kind: GroupKind | undefined = undefined;

  constructor(groups: GroupTable<GroupRecord>) {
    this.#groups = groups;
    this.#next = groups.entered;
  }

  /**
   * Creates the identity of a new group.
   * @param name undefined for a generated name.
   * @throws TaskGroupAlreadyExists
   */
  identify(name: string | undefined, kind: GroupKind): GroupIdentity {
    if (name !== undefined) {
      if (!this.#groups.has(name)) return new GroupIdentity(name, kind);
      throw new TaskGroupAlreadyExists(`expected a group name not in use, got ${quoted(name)}`);
    }
    if (this.#kind === undefined || !hasFieldsOf(kind, this.#kind)) this.#kind = kind;
    let identity = new GroupIdentity(this.#next++, this.#kind);
    while (this.#groups.isChosen(identity)) {
      identity = new GroupIdentity(this.#next++, this.#kind);
    }
    return identity;
  }
}
