import type { Cause } from '@reckon/eventing'
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
 * `<Kind>Created`: the accepted object without its resourceVersion, which is the event's position. For a Node
 * registered by its agent, also the report.
 */
export type ObjectCreated = { object: KubernetesObject; report?: ReportNumber; boot?: Boot }

/** The pod for which another pod must leave a node. */
export type Preemptor = {
  uid: string
  nodeName: string
  namespace?: string
  name?: string
  schedulerName?: string
}

/**
 * The data of every change, including `<Kind>Deleted`: only what changed. Every 64th also carries the whole object, so
 * that no read of a stream is long, and the object's `intent` if that is an earlier event. `report` orders an agent's
 * reports, `boot` is the agent's start recorded with it, `imagesFound` names the started containers whose image was
 * already on the machine; `decision` explains a placement, `preemptor` why a pod must leave, `scaling` why an autoscaler
 * scales.
 */
export type ObjectChanged = {
  patch: JsonPatch
  object?: KubernetesObject
  intent?: Cause
  report?: ReportNumber
  boot?: Boot
  imagesFound?: readonly string[]
  decision?: Decision
  preemptor?: Preemptor
  scaling?: ScalingDecision
}

/** The data of `<Kind>Created`. */
export const createdIn = (event: Recorded): ObjectCreated => dataOf(event, 'object')

/** The data of a change or a deletion. */
export const changedIn = (event: Recorded): ObjectChanged => dataOf(event, 'patch')

/** The whole object is recorded again after this many changes. */
export const changesBetweenFullStates = 64

/** Whether folding can begin at this event, because nothing before it matters. */
export const isFullState = (resource: Resource, event: { type: string; data: unknown }): boolean =>
  effectOf(resource, event.type) === 'Deleted' ||
  (isJsonObject(event.data) && event.data.object !== undefined) ||
  sealedOf(event)?.whole === true
