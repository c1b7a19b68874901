import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'every event has its cause before it'
/** Those who act only because of a recorded event; everybody else may begin something. */
const followers = /^system:(controller:|kube-scheduler)/

/** An event's cause is recorded before it, under the same correlation. */
export const causes = (world: World): Checker => ({
  onRecorded({ event: { type, stream, metadata } }) {
    if (metadata === undefined) return
    const { history, hostile } = world
    // The causes of a node's reports are known only to the node.
    if (hostile !== undefined && metadata.actor.user === `system:node:${hostile}`) return
    const { $causationId, $correlationId, actor } = metadata
    const what = `${type} in ${stream}`
    if ($causationId === undefined) {
      if (followers.test(actor.user)) throw new Violation(rule, `${what} has none`)
      return
    }
    const cause = history.byId($causationId)
    if (cause === undefined) throw new Violation(rule, `${what} answers ${$causationId}`)
    if (cause.metadata?.$correlationId !== $correlationId) {
      throw new Violation(rule, `${what} does not share the correlation of its cause`)
    }
  },
})
