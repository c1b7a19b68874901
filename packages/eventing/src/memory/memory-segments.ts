import { isSystemEvent } from '../log/event.ts'
import type { Kept, SegmentStore } from '../segments.ts'
import { witnessOf } from '../snapshots.ts'
import { SupersededFinder } from '../superseded.ts'

const witnessesMax = 16

/** Segments for tests and simulation, which outlive a reader but not the process. */
export function createMemorySegments(): SegmentStore {
  let kept: readonly Kept[] = []
  let added: Kept[] = []
  /** The events that supersede others. */
  let superseding = new WeakSet<Kept>()
  let after: bigint | undefined
  return {
    async stretch() {
      const last = kept.at(-1)?.position ?? after
      if (last === undefined) return undefined
      const events = kept.flatMap((each) => ('withheld' in each ? [] : [each]))
      const witnesses = events
        .filter((event) => !isSystemEvent(event))
        .slice(-witnessesMax)
        .map(witnessOf)
      return { after, upTo: last, witnesses: witnesses.reverse() }
    },
    async begin(position) {
      after = position
      kept = []
      added = []
      superseding = new WeakSet()
    },
    add(one, isSuperseding = false) {
      added.push(one)
      if (isSuperseding) superseding.add(one)
    },
    async write() {
      kept = [...kept, ...added.splice(0)]
    },
    async *read({ after: position = -1n, isWanted = () => true, superseded }) {
      if (position < (after ?? -1n)) return
      const isOne = (each: Kept) =>
        'withheld' in each ||
        (isWanted(each.stream) && each.position >= (superseded?.before.get(each.stream) ?? -1n))
      const found = kept.filter((each) => each.position > position && isOne(each))
      const upTo = kept.at(-1)?.position
      if (upTo !== undefined && upTo > position) yield { kept: found, upTo }
    },
    async superseded({ after: position = -1n, spared }) {
      const finder = new SupersededFinder(spared)
      if (position < (after ?? -1n)) return undefined
      for (const each of kept) {
        if (each.position <= position) continue
        finder.pass()
        const isOne = !('withheld' in each) && superseding.has(each)
        if (isOne) finder.note(each.stream, each.position)
      }
      return finder.found()
    },
    async close() {},
  }
}
