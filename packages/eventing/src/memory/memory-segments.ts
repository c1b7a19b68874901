import { isSystemEvent } from '../log/event.ts'
import type { Kept, SegmentStore } from '../segments.ts'
import { witnessOf } from '../snapshots.ts'

const witnessesMax = 16

/** Segments for tests and simulation, which outlive a reader but not the process. */
export function createMemorySegments(): SegmentStore {
  let kept: readonly Kept[] = []
  let added: Kept[] = []
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
    },
    add(one) {
      added.push(one)
    },
    async write() {
      kept = [...kept, ...added.splice(0)]
    },
    async *read({ after: position = -1n, isWanted = () => true }) {
      if (position < (after ?? -1n)) return
      const isOne = (each: Kept) => 'withheld' in each || isWanted(each.stream)
      const found = kept.filter((each) => each.position > position && isOne(each))
      const upTo = kept.at(-1)?.position
      if (upTo !== undefined && upTo > position) yield { kept: found, upTo }
    },
    async close() {},
  }
}
