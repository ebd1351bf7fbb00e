/** What new groups are called. */

import { TaskGroupAlreadyExists } from '../errors.ts';
import type { GroupMethod } from '../events.ts';
import type { GroupTable } from '../machines/group-table.ts';
import { GroupIdentity, type GroupRecord, type GroupStorage } from '../machines/records.ts';

export class GroupNames {
  readonly #groups: GroupTable<GroupRecord>;
  /**
   * The number for the next group without a name. Each number that was given belongs to a group, or
   * was passed over since a group had chosen it: there have been no more of them than groups.
   */
  #next: number;

  constructor(groups: GroupTable<GroupRecord>) {
    this.#groups = groups;
    this.#next = groups.entered;
  }

  /**
   * @param name undefined if the caller chose none.
   * @throws TaskGroupAlreadyExists
   */
  identify(
    name: string | undefined,
    method: GroupMethod,
    functionName: string,
    numConcurrent: number | null,
    planned: number | undefined,
    storage: GroupStorage | undefined,
  ): GroupIdentity {
    if (name !== undefined && this.#groups.has(name)) {
      throw new TaskGroupAlreadyExists(`expected a group name not in use, got '${name}'`);
    }
    const called = name ?? this.#next++;
    const identity = new GroupIdentity(
      called,
      method,
      functionName,
      numConcurrent,
      planned,
      storage,
    );
    if (name !== undefined || !this.#groups.isChosen(identity)) return identity;
    return this.identify(name, method, functionName, numConcurrent, planned, storage);
  }
}
