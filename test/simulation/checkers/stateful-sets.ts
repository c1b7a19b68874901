import { controllerOf, isOf, pods } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'a StatefulSet has one pod of each identity'

/** Whoever creates its pods, each has the name and host name of an ordinal, and no ordinal has two. */
export function statefulSets(): Checker {
  /** The pod of each host name, by the set's uid. */
  const holders = new Map<string, string>()
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (object === undefined || !isOf(pods, object)) return
      const owner = controllerOf(object)
      if (owner?.kind !== 'StatefulSet') return
      const { name, uid = '' } = object.metadata
      const identity = `${owner.uid} ${object.spec.hostname}`
      if (event.type === 'PodDeleted') holders.delete(identity)
      if (event.type !== 'PodCreated') return
      const isOrdinal = name.startsWith(`${owner.name}-`) && /-\d+$/.test(name)
      if (!isOrdinal || object.spec.hostname !== name) {
        throw new Violation(rule, `${name} is no ordinal of ${owner.name}`)
      }
      const holder = holders.get(identity)
      if (holder !== undefined) throw new Violation(rule, `${name} is there as ${holder} already`)
      holders.set(identity, uid)
    },
    onRestore: () => holders.clear(),
  }
}
