import { changedIn, type Decision, type ObjectChange } from '@reckon/domain'
import { isOf, type KubernetesObject, pods } from '@reckon/kubernetes'

/** An event as it stands in the log. */
export type RecordedEvent = ObjectChange['event']

/** A decision as its event tells it. */
export type RecordedDecision = {
  readonly event: RecordedEvent
  readonly decision: Decision
  /** Where the pod was sent; undefined where no node suited. */
  readonly nodeName: string | undefined
}

/** The decision that an event carries, if it is one of a scheduler of ours. */
export function recordedDecision(event: RecordedEvent): RecordedDecision | undefined {
  if (event.type !== 'PodScheduled' && event.type !== 'PodSchedulingFailed') return undefined
  const { decision, patch, object } = changedIn(event)
  // A client may bind a pod itself; then nobody recorded a reason.
  if (decision === undefined) return undefined
  const change = patch.find((operation) => operation.path === '/spec/nodeName')
  const patched = change && 'value' in change ? String(change.value) : undefined
  return { event, decision, nodeName: patched ?? nodeNameOf(object) }
}

/** The node that a pod is bound to. */
export const nodeNameOf = (object: KubernetesObject | undefined): string | undefined =>
  object && isOf(pods, object) ? object.spec.nodeName || undefined : undefined
