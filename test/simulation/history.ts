import {
  type Holder,
  type ObjectChange,
  Objects,
  type Reservable,
  reservableOf,
  type StoredObject,
} from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'

/** An event as it was recorded, with what it did to which object. */
export type Recorded = { event: RecordedEvent; change: ObjectChange | undefined }

type Version = { position: bigint; stored: StoredObject | undefined }

/** What the log holds, seen from outside the cluster: every event and their fold, also as it was at any position. */
export class History {
  readonly events: RecordedEvent[] = []
  readonly objects = new Objects()
  readonly #byId = new Map<string, RecordedEvent>()
  readonly #byPosition = new Map<bigint, RecordedEvent>()
  readonly #versions = new Map<string, Version[]>()
  #change: ObjectChange | undefined

  constructor() {
    this.objects.subscribe((change) => {
      this.#change = change
    })
  }

  get position(): bigint | undefined {
    return this.events.at(-1)?.position
  }

  record(event: RecordedEvent): Recorded {
    this.#change = undefined
    this.objects.apply(event)
    this.events.push(event)
    this.#byId.set(event.id, event)
    this.#byPosition.set(event.position, event)
    const change: ObjectChange | undefined = this.#change
    if (change !== undefined) this.#remember(event, change)
    return { event, change }
  }

  byId(id: string): RecordedEvent | undefined {
    return this.#byId.get(id)
  }

  at(position: bigint): RecordedEvent | undefined {
    return this.#byPosition.get(position)
  }

  /** An object as one event left it. */
  version(stream: string, position: bigint): StoredObject | undefined {
    return this.#versions.get(stream)?.find((version) => version.position === position)?.stored
  }

  /** Every object as it was at a position, by stream. */
  objectsAt(position: bigint): ReadonlyMap<string, StoredObject> {
    const objects = new Map<string, StoredObject>()
    for (const [stream, versions] of this.#versions) {
      const stored = versions.findLast((version) => version.position <= position)?.stored
      if (stored !== undefined) objects.set(stream, stored)
    }
    return objects
  }

  /** Who holds what at a position. */
  reservationsAt(position: bigint): readonly { reservable: Reservable; holder: Holder }[] {
    const fresh = new Objects()
    for (const event of this.events) {
      if (event.position <= position && reservableOf(event.stream)) fresh.apply(event)
    }
    return [...fresh.reservations.held()]
  }

  #remember({ stream, position }: RecordedEvent, change: ObjectChange): void {
    const versions = this.#versions.get(stream) ?? []
    this.#versions.set(stream, versions)
    const { type, stored } = change as ObjectChange
    versions.push({ position, stored: type === 'DELETED' ? undefined : stored })
  }
}
