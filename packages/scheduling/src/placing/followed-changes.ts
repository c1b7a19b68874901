import type { ChangeLog } from '../state/change-log.ts'

/** Looks at what changed since it was here last, or at all of it. */
export class FollowedChanges {
  readonly #changes: ChangeLog
  #seen = -1

  constructor(changes: ChangeLog) {
    this.#changes = changes
  }

  /** Calls for each thing that may have changed; answers false where all must be looked at. */
  each(onChange: (changed: number) => void): boolean {
    const changes = this.#changes
    const since = this.#seen
    this.#seen = changes.version
    if (since < 0 || !changes.reachesTo(since)) return false
    for (let version = since; version < changes.version; version += 1) onChange(changes.at(version))
    return true
  }
}
