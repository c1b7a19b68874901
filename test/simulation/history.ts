import {
  type Holder,
  type ObjectChange,
  Objects,
  type Reservable,
  reservableOf,
  type StoredObject,
} from '@reckon/domain'
import type { RecordedEvent, Vault } from '@reckon/eventing'

/** An event as it was recorded, with sealed content opened, and its effect on which object. */
export type Recorded = { event: RecordedEvent; change: ObjectChange | undefined }

/** An object as one event left it; `sealed` is what a reader without the master key sees. */
type Version = {
  position: bigint
  stored: StoredObject | undefined
  sealed: StoredObject | undefined
}

/** The log, seen from outside the cluster: every event and their fold, also as of any position. */
export class History {
  readonly events: RecordedEvent[] = []
  /** The same, with sealed content opened. */
  readonly opened: RecordedEvent[] = []
  readonly objects: Objects
  readonly #byId = new Map<string, RecordedEvent>()
  readonly #byPosition = new Map<bigint, RecordedEvent>()
  readonly #versions = new Map<string, Version[]>()
  readonly #sealed = new Objects()
  #change: ObjectChange | undefined

  constructor(vault: Vault) {
    this.objects = new Objects(vault)
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
    this.#sealed.apply(event)
    this.events.push(event)
    const opened = this.objects.keys.open(event)
    this.opened.push(opened)
    this.#byId.set(event.id, event)
    this.#byPosition.set(event.position, event)
    const change: ObjectChange | undefined = this.#change
    if (change !== undefined) this.#remember(event, change)
    return { event: opened, change }
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

  /** Every object as of a position, by stream; without the master key, of Secrets only that they exist. */
  objectsAt(position: bigint, hasMasterKey = true): ReadonlyMap<string, StoredObject> {
    const objects = new Map<string, StoredObject>()
    for (const [stream, versions] of this.#versions) {
      const version = versions.findLast((each) => each.position <= position)
      const stored = hasMasterKey ? version?.stored : version?.sealed
      if (stored !== undefined) objects.set(stream, stored)
    }
    return objects
  }

  /** The holders of unique values as of a position. */
  reservationsAt(position: bigint): readonly { reservable: Reservable; holder: Holder }[] {
    const fresh = new Objects()
    for (const event of this.events) {
      if (event.position <= position && reservableOf(event.stream)) fresh.apply(event)
    }
    return [...fresh.reservations.held()]
  }

  /** The claims on quotas as of a position, as views keep them. */
  quotaClaimsAt(position: bigint): ReturnType<Objects['quotaClaims']['snapshot']> {
    const { quotaClaims } = new Objects()
    for (const event of this.events) {
      if (event.position > position) break
      if (!quotaClaims.apply(event)) quotaClaims.settle(event.stream)
    }
    return quotaClaims.snapshot()
  }

  #remember({ stream, position }: RecordedEvent, change: ObjectChange): void {
    const versions = this.#versions.get(stream) ?? []
    this.#versions.set(stream, versions)
    const { type, stored, resource } = change
    const { namespace = '', name } = stored.object.metadata
    const isGone = type === 'DELETED'
    const sealed = stored.sealed ? this.#sealed.get(resource, namespace, name) : stored
    versions.push({ position, ...(isGone ? gone : { stored, sealed }) })
  }
}

const gone = { stored: undefined, sealed: undefined }
