import { isOf, objectKey, type Secret, secrets } from '@reckon/kubernetes'
import type { ClosedSecrets, NodeChange, NodeListener } from '@reckon/node-plane'
import { keyPairIn } from '@reckon/process'
import type { KeyPair } from '@reckon/routing'

/**
 * `version` is what the wire last announced; `pair` belongs to it, or to the previous version while this one is being
 * read.
 */
type CertificateState = { version: Secret; isOpen: boolean; pair: KeyPair | undefined }

/**
 * The Secrets that this node may know, as announced on its own wire, and the certificate and key pairs of those that
 * were read. When a Secret changes, its old pair stays until the new one is read. A certificate and key that do not
 * match are no pair.
 */
export class EdgeCertificates implements ClosedSecrets {
  readonly listener: NodeListener
  readonly #known = new Map<string, CertificateState>()
  readonly #listeners = new Set<() => void>()
  readonly #onPairs: () => void

  /** `onPairs` is called whenever a pair is added, changed or removed. */
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
    // Including the Node itself, to whose key values are sealed.
    for (const listener of this.#listeners) listener()
  }

  #tell(version: Secret): void {
    const key = objectKey(version.metadata)
    const before = this.#known.get(key)
    if (before?.version.metadata.resourceVersion === version.metadata.resourceVersion) return
    // Only Secrets of this type are certificates; others belong to pods.
    const isOpen = version.type !== 'kubernetes.io/tls'
    this.#known.set(key, { version, isOpen, pair: isOpen ? undefined : before?.pair })
  }

  #remove(key: string): void {
    if (this.#known.delete(key)) this.#onPairs()
  }
}
