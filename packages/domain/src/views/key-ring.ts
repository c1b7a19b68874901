import {
  type DataKey,
  isSystemEvent,
  type RecordedEvent,
  type Vault,
  withContent,
} from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import { type DataKeyCreated, dataKeyIn, keyedUid, keyStream } from '../data-key.ts'
import { contentIn, type Sealed, type SealedContent, sealedOf } from '../sealed-content.ts'

/** A wrapped key, by the uid of its object. */
export type SavedKey = readonly [uid: string, held: DataKeyCreated]

/** A data key of the log, and its object. */
export type HeldKey = { uid: string; stream: string }

/** The place that an encrypted content is bound to: elsewhere it cannot be decrypted. */
export type EncryptionContext = { stream: string; id: string }

/**
 * The data keys of encrypted objects, as a part of the shared projection; they are kept wrapped, as in the log. Without
 * a vault, or with another master key, everything stays encrypted.
 */
export class KeyRing {
  readonly #vault: Vault | undefined
  readonly #byUid = new Map<string, DataKeyCreated>()
  readonly #unwrapped = new Map<string, DataKey>()

  constructor(vault?: Vault) {
    this.#vault = vault
  }

  /** The master key that unwraps these keys; undefined where there is none. */
  get masterKeyId(): string | undefined {
    return this.#vault?.masterKeyId
  }

  /** Applies events of data keys and ignores all others. When its stream is tombstoned, a key is forgotten. */
  apply(event: RecordedEvent): void {
    const uid = keyedUid(event.stream)
    if (uid === undefined) return
    if (event.type === 'DataKeyCreated') {
      const { stream, wrapped, masterKeyId } = dataKeyIn(event)
      this.#byUid.set(uid, { stream, wrapped, masterKeyId })
    } else if (isSystemEvent(event)) {
      this.#byUid.delete(uid)
      this.#unwrapped.delete(uid)
    }
  }

  /** Whether what is encrypted with this key can be decrypted here. */
  has(uid: string): boolean {
    return this.#keyOf(uid) !== undefined
  }

  /** The stream of the object that a key is for. */
  streamOf(uid: string): string | undefined {
    return this.#byUid.get(uid)?.stream
  }

  /** Every key that is not destroyed. */
  *held(): Iterable<HeldKey> {
    for (const [uid, { stream }] of this.#byUid) yield { uid, stream }
  }

  /** A ring of the same vault without any keys. */
  empty(): KeyRing {
    return new KeyRing(this.#vault)
  }

  /** A ring with only this key, if it is available; it keeps the key even if that is destroyed meanwhile. */
  only(uid: string): KeyRing {
    const ring = this.empty()
    const held = this.#byUid.get(uid)
    if (held !== undefined) ring.restore([uid, held])
    return ring
  }

  /** Creates a data key for the object with this uid; returns what to record of it. */
  draw(uid: string, stream: string): DataKeyCreated {
    if (this.#vault === undefined) {
      throw new StatusError('InternalError', `${stream} cannot be written: there is no master key`)
    }
    return { stream, ...this.#vault.wrap(keyStream(uid)).wrapped }
  }

  /** The event's data, with its content encrypted. */
  seal(uid: string, content: SealedContent, { stream, id }: EncryptionContext): { sealed: Sealed } {
    const text = this.sealText(uid, JSON.stringify(content), `${stream} ${id}`)
    return { sealed: { key: uid, ...text, ...(content.object && { whole: true }) } }
  }

  /** The event with its content decrypted, where possible. */
  open(event: RecordedEvent): RecordedEvent {
    const sealed = sealedOf(event)
    if (sealed === undefined) return event
    const text = this.openText(sealed.key, sealed, `${event.stream} ${event.id}`)
    if (text === undefined) return event
    const data = { ...contentIn(event), ...JSON.parse(text) }
    return withContent(event, { type: event.type, data })
  }

  sealText(uid: string, text: string, place: string) {
    const key = this.#keyOf(uid)
    const sealed = key && this.#vault?.seal(key, text, place)
    if (sealed) return sealed
    throw new StatusError('InternalError', `there is no key to seal ${place}`)
  }

  /** Undefined without the key, or if the text was not encrypted with it. */
  openText(uid: string, sealed: Omit<Sealed, 'key'>, place: string): string | undefined {
    const key = this.#keyOf(uid)
    return key && unlessForged(() => this.#vault?.open(key, sealed, place))
  }

  snapshot(): readonly SavedKey[] {
    return [...this.#byUid]
  }

  restore([uid, held]: SavedKey): void {
    this.#byUid.set(uid, held)
  }

  #keyOf(uid: string): DataKey | undefined {
    const known = this.#unwrapped.get(uid)
    if (known) return known
    const held = this.#byUid.get(uid)
    const key = held && unlessForged(() => this.#vault?.unwrap(held, keyStream(uid)))
    if (key) this.#unwrapped.set(uid, key)
    return key
  }
}

/** Content that does not match its key or place was written by somebody without the key; it must not stop the view. */
function unlessForged<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}
