import type { JsonPatch, KubernetesObject } from '@reckon/kubernetes'
import type { Decision } from './decision.ts'
import { type Sealed, sealedOf } from './sealed-content.ts'

/** `<Kind>Created`: the object as it was accepted, without a resourceVersion (that is the event's position). */
export type ObjectCreated = { object: KubernetesObject }

/**
 * Every change: only what changed. Each 64th carries the object whole as well, so that no read of a stream is long.
 * `report` orders the reports of an agent, `decision` explains a placement.
 */
export type ObjectChanged = {
  patch: JsonPatch
  object?: KubernetesObject
  report?: ReportNumber
  decision?: Decision
}

/** `<Kind>Deleted`, with the last change that the object saw. */
export type ObjectDeleted = { patch: JsonPatch }

/** Reports of a pod's status in order: boot ids increase with the agent's starts, numbers within one. */
export type ReportNumber = { bootId: string; number: number }

/** Any of these events of a kind that is kept encrypted. */
export type ObjectSealed = { sealed: Sealed }

export type ObjectEventData = ObjectCreated | ObjectChanged | ObjectDeleted | ObjectSealed

/** Another whole object after this many changes. */
export const changesBetweenWhole = 64

export const isCreated = (event: { type: string; data: unknown }): boolean =>
  event.type.endsWith('Created') && isWhole(event)

export const isDeleted = (event: { type: string }): boolean => event.type.endsWith('Deleted')

/** Whether folding can begin at this event: nothing before it matters. */
export const isWhole = (event: { type: string; data: unknown }): boolean =>
  isDeleted(event) ||
  (isRecord(event.data) && event.data.object !== undefined) ||
  sealedOf(event)?.whole === true

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
