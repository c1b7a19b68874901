import { contentIn, isStatusOnly, type KeyRing, sealedOf } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { isAsked } from './is-asked.ts'

/** Whether somebody asked, by an event, for more than another status. */
export function isOtherChange(event: RecordedEvent, keys: KeyRing): boolean {
  if (!isAsked(event)) return false
  const opened = keys.open(event)
  const { patch } = contentIn(opened)
  return sealedOf(opened) !== undefined || patch === undefined || !isStatusOnly(patch)
}
