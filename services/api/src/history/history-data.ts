import { contentIn, dataKeyIn, keyedUid, sealedOf } from '@reckon/domain'
import { isSystemEvent, type RecordedEvent } from '@reckon/eventing'

/** An event's data as the history API returns it: of encrypted data, only that it is encrypted, and with which key. */
export function historyData(event: RecordedEvent): unknown {
  const sealed = sealedOf(event)
  if (sealed) {
    const { key, whole } = sealed
    return { ...contentIn(event), sealed: { key, ...(whole && { whole }) } }
  }
  if (isSystemEvent(event) || keyedUid(event.stream) === undefined) return event.data
  const { stream, masterKeyId } = dataKeyIn(event)
  return { stream, masterKeyId }
}
