import { NodeKnowledge } from '@reckon/domain'
import { isDeepEqual } from '@reckon/kubernetes'
import { nodeViewKey } from '../node-view.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** At rest every node knows all that it may know, and nothing that is gone. */
export const nodeViews = ({ history, places }: World): Checker => ({
  onEnd() {
    const knowledge = new NodeKnowledge(history.objects)
    for (const { shown } of places) {
      if (shown?.node === undefined) continue
      const { name, view } = shown.node
      const wanted = knowledge
        .read(name)
        .map(({ resource, object }) => [nodeViewKey(resource, object.metadata), object] as const)
      const sorted = (entries: Iterable<readonly [string, unknown]>) =>
        JSON.parse(JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1))))
      if (isDeepEqual(sorted(wanted), sorted(view.objects))) continue
      throw new Violation('a node knows all that it may', `${name} knows something else`)
    }
  },
})
