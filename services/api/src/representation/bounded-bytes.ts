import type { KubernetesObject } from '@reckon/kubernetes'

type Encoding = { form: string; bytes: Buffer }
type Kept = { version: string | undefined; encodings: Encoding[] }

/** Roughly what a cache entry takes besides its bytes. */
const overheadBytes = 256

/**
 * A cache of encodings, bounded by bytes; the oldest go first. Entries are found by the object itself and its version,
 * so that those of another object are never returned.
 */
export class BoundedBytes {
  readonly #bytesMax: number
  readonly #kept = new Map<KubernetesObject, Kept>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** The size of all entries, with their overhead. */
  get bytes(): number {
    return this.#bytes
  }

  get(object: KubernetesObject, form: string): Buffer | undefined {
    const kept = this.#kept.get(object)
    if (kept === undefined || kept.version !== object.metadata.resourceVersion) return undefined
    return kept.encodings.find((each) => each.form === form)?.bytes
  }

  keep(object: KubernetesObject, form: string, bytes: Buffer): void {
    const version = object.metadata.resourceVersion
    if (this.#kept.get(object)?.version !== version) this.forget(object)
    const kept = this.#kept.get(object) ?? { version, encodings: [] }
    kept.encodings.push({ form, bytes })
    this.#kept.set(object, kept)
    this.#bytes += bytes.length + overheadBytes
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#bytesMax) return
      this.forget(oldest)
    }
  }

  forget(object: KubernetesObject): void {
    const kept = this.#kept.get(object)
    if (kept === undefined) return
    this.#kept.delete(object)
    for (const { bytes } of kept.encodings) this.#bytes -= bytes.length + overheadBytes
  }
}
