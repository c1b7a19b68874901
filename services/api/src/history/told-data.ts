import { type DataKeyCreated, keyedUid, sealedOf } from '@reckon/domain'
import { isSystemEvent, type RecordedEvent } from '@reckon/eventing'

/** An event's data as the history tells it: of what is encrypted, only that it is, and by which key. */
export function toldData(event: RecordedEvent): unknown {
  const sealed = sealedOf(event)
  if (sealed) return { ...(event.data as object), sealed: { key: sealed.key } }
  if (isSystemEvent(event) || keyedUid(event.stream) === undefined) return event.data
  const { stream, masterKeyId } = event.data as DataKeyCreated
  return { stream, masterKeyId }
}
