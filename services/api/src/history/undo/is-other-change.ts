import { contentIn, isStatusOnly, type KeyRing, sealedOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { isAsked } from './is-asked.ts'

/** Whether an event is a user's change of more than status. */
export function isOtherChange(event: RecordedEvent, keys: KeyRing): boolean {
  if (!isAsked(event)) return false
  const opened = keys.open(event)
  const { patch } = contentIn(opened)
  return sealedOf(opened) !== undefined || patch === undefined || !isStatusOnly(patch)
}
