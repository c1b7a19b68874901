import { isOf, objectKey, type Secret, secrets } from '@reckon/kubernetes'
import type { ClosedSecrets, NodeChange, NodeListener } from '@reckon/node-plane'
import { keyPairIn } from '@reckon/process'
import type { KeyPair } from '@reckon/routing'

/** `version`: as the wire told it last. `pair`: of that version, or of the one before while that is being read. */
type CertificateState = { version: Secret; isOpen: boolean; pair: KeyPair | undefined }

/**
 * The Secrets that this node may know, as its own wire tells of them, and the pairs of certificate
 * and key in those that were read. One that changes keeps the pair it had until the new one is read; a pair that does
 * not fit together is none.
 */
export class EdgeCertificates implements ClosedSecrets {
  readonly listener: NodeListener
  readonly #known = new Map<string, CertificateState>()
  readonly #listeners = new Set<() => void>()
  readonly #onPairs: () => void

  /** `onPairs` is called whenever a pair has come, changed or gone. */
  constructor(onPairs: () => void) {
    this.#onPairs = onPairs
    this.listener = {
      onState: ({ objects }) => {
        const told = new Set(objects.map(({ object }) => objectKey(object.metadata)))
        for (const key of this.#known.keys()) if (!told.has(key)) this.#remove(key)
        this.#apply(objects)
      },
      onChanges: (_position, changes) => this.#apply(changes),
    }
  }

  pairOf = (namespace: string, name: string): KeyPair | undefined =>
    this.#known.get(objectKey({ namespace, name }))?.pair

  closedSecrets(): readonly Secret[] {
    return [...this.#known.values()].flatMap(({ isOpen, version }) => (isOpen ? [] : [version]))
  }

  openSecret(secret: Secret): void {
    const known = this.#known.get(objectKey(secret.metadata))
    const { resourceVersion } = secret.metadata
    if (known === undefined || known.version.metadata.resourceVersion !== resourceVersion) return
    const found = keyPairIn(secret.data)
    known.isOpen = true
    known.pair = 'problem' in found ? undefined : found
    this.#onPairs()
  }

  onSecrets(listener: () => void): void {
    this.#listeners.add(listener)
  }

  #apply(changes: readonly NodeChange[]): void {
    for (const change of changes) {
      if (change.resource !== 'secrets') continue
      if (change.type === 'Remove') this.#remove(objectKey(change))
      else if (isOf(secrets, change.object)) this.#tell(change.object)
    }
    // The Node, too: with its key values can be sealed to it.
    for (const listener of this.#listeners) listener()
  }

  #tell(version: Secret): void {
    const key = objectKey(version.metadata)
    const before = this.#known.get(key)
    if (before?.version.metadata.resourceVersion === version.metadata.resourceVersion) return
    // Only what is of this type is anybody's certificate: others are a pod's.
    const isOpen = version.type !== 'kubernetes.io/tls'
    this.#known.set(key, { version, isOpen, pair: isOpen ? undefined : before?.pair })
  }

  #remove(key: string): void {
    if (this.#known.delete(key)) this.#onPairs()
  }
}
