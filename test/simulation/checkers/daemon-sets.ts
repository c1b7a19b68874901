import { controllerOf, isFinished, isOf, pods } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a DaemonSet has one pod on a node'

/** A pod is created for a node only once the previous one is gone or has ended; nobody here asks for a surge. */
export function daemonSets({ history }: World): Checker {
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (event.type !== 'PodCreated' || object === undefined || !isOf(pods, object)) return
      const owner = controllerOf(object)
      if (owner?.kind !== 'DaemonSet') return
      const node = JSON.stringify(object.spec.affinity)
      const others = history.objects
        .ownedBy(owner.uid)
        .flatMap((each) => (isOf(pods, each.object) ? [each.object] : []))
        .filter(({ metadata }) => metadata.uid !== object.metadata.uid)
        .filter(({ spec, status }) => !isFinished(status) && JSON.stringify(spec.affinity) === node)
      if (others.length === 0) return
      const [other] = others
      throw new Violation(rule, `${object.metadata.name} beside ${other?.metadata.name}`)
    },
  }
}
