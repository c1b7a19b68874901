import type { Fold, RecordedEvent } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'
import { isFullState } from './object-event.ts'
import { evolveObject, type StoredObject } from './stored-object.ts'
import { upcast } from './upcasts.ts'

/**
 * Folds the stream of an object; the state is undefined while the object does not exist and once it is deleted. `open`
 * decrypts what is encrypted, where it can.
 */
export const objectFold = (
  resource: Resource,
  open: (event: RecordedEvent) => RecordedEvent,
): Fold<StoredObject | undefined> => ({
  initial: undefined,
  evolve: (state, event) => evolveObject(resource, state, upcast(open(event))),
  isFullState: (event) => isFullState(resource, upcast(event)),
})
