import { ChangeLog } from './change-log.ts'

/** The number of pods of some sort on each node; nodes without any are left out. */
export class PodCounter {
  readonly name: string
  /** By slot. */
  readonly counts = new Map<number, number>()
  /** The slots whose count changed. */
  readonly changes = new ChangeLog(8)

  constructor(name: string) {
    this.name = name
  }

  at(slot: number): number {
    return this.counts.get(slot) ?? 0
  }

  add(slot: number, by: number): void {
    const after = this.at(slot) + by
    if (after === 0) this.counts.delete(slot)
    else this.counts.set(slot, after)
    this.changes.add(slot)
  }
}
