import {
  isJsonObject,
  type JsonPatch,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import type { Boot, ReportNumber } from './boot.ts'
import type { Decision } from './decision.ts'
import { effectOf } from './kinds/kind-events.ts'
import { dataOf, type Recorded } from './recorded-data.ts'
import type { ScalingDecision } from './scaling-decision.ts'
import { sealedOf } from './sealed-content.ts'

/**
 * `<Kind>Created`: the object as it was accepted, without a resourceVersion (that is the event's position); of a Node
 * that its agent registers, that report.
 */
export type ObjectCreated = { object: KubernetesObject; report?: ReportNumber; boot?: Boot }

/** The pod for which another one has to leave a node. */
export type Preemptor = {
  uid: string
  nodeName: string
  namespace?: string
  name?: string
  schedulerName?: string
}

/**
 * Every change, `<Kind>Deleted` among them: only what changed. Each 64th carries the object whole as well, so that no
 * read of a stream is long. `report` orders the reports of an agent, `boot` is the agent's start that is recorded with
 * it, `imagesFound` names the containers that were started, and whose image was on the machine; `decision` explains a
 * placement, `preemptor` why a pod has to go, `scaling` why an autoscaler scales.
 */
export type ObjectChanged = {
  patch: JsonPatch
  object?: KubernetesObject
  report?: ReportNumber
  boot?: Boot
  imagesFound?: readonly string[]
  decision?: Decision
  preemptor?: Preemptor
  scaling?: ScalingDecision
}

/** What `<Kind>Created` holds. */
export const createdIn = (event: Recorded): ObjectCreated => dataOf(event, 'object')

/** What a change holds, and a deletion. */
export const changedIn = (event: Recorded): ObjectChanged => dataOf(event, 'patch')

/** Another whole object after this many changes. */
export const changesBetweenFullStates = 64

/** Whether folding can begin at this event: nothing before it matters. */
export const isFullState = (resource: Resource, event: { type: string; data: unknown }): boolean =>
  effectOf(resource, event.type) === 'Deleted' ||
  (isJsonObject(event.data) && event.data.object !== undefined) ||
  sealedOf(event)?.whole === true
