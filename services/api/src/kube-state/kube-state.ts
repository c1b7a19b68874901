import type { Objects } from '@reckon/domain'
import { jobStates } from './job-state.ts'
import { limitStates } from './limit-state.ts'
import { namespaceState, nodeState } from './node-state.ts'
import { podState } from './pod-state.ts'
import type { KindState, Untold } from './state-family.ts'
import { storageStates } from './storage-state.ts'
import { trafficStates } from './traffic-state.ts'
import { workloadStates } from './workload-state.ts'

const kinds: readonly KindState[] = [
  namespaceState,
  nodeState,
  podState,
  ...workloadStates,
  ...jobStates,
  ...storageStates,
  ...limitStates,
  ...trafficStates,
]

/** A piece is at least so long, or the last: some hundred samples. */
const pieceLengthMin = 64 * 1024
/** So often is an object looked at for a piece at most, whatever there is to tell of it. */
const looksMax = 1_000

/**
 * The objects of the cluster under the names of kube-state-metrics, in Prometheus' text form and in pieces: each is
 * made when it is taken. Objects that change meanwhile are told as they were when their kind began.
 */
export function* kubeState(objects: Objects, untold: Untold): Generator<Buffer, undefined> {
  let parts: string[] = []
  let [length, looks] = [0, 0]
  for (const kind of kinds) {
    for (const text of kind(objects, untold)) {
      parts.push(text)
      length += text.length
      looks += 1
      if (length < pieceLengthMin && looks < looksMax) continue
      yield Buffer.from(parts.join(''))
      parts = []
      length = 0
      looks = 0
    }
  }
  yield Buffer.from(parts.join(''))
}
