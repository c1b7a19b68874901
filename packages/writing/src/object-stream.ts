import { type KeyRing, objectFold, type StoredObject, streamOf } from '@reckon/domain'
import { type Executed, type Fold, type Folded, readFolded } from '@reckon/eventing'
import type { Target } from './target.ts'
import { keysFor } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'

type FoldedObject = Folded<StoredObject | undefined>

/** An object's stream during a write: its known state, and the keys to its encrypted content. */
export class ObjectStream {
  readonly name: string
  known: FoldedObject | undefined
  keys: KeyRing
  readonly #ports: WritePorts

  constructor(ports: WritePorts, target: Target) {
    const { known, keys } = ports.known.object(target)
    this.name = streamOf(target.resource, target.namespace, target.name)
    this.known = known
    // The answer is decrypted with the same key, even if a later deletion destroys it before.
    this.keys = known?.state?.sealed ? keys.only(known.state.object.metadata.uid ?? '') : keys
    this.fold = objectFold(target.resource, (event) => this.keys.open(event))
    this.#ports = ports
  }

  readonly fold: Fold<StoredObject | undefined>

  /** Reads the end of the stream. Fetches the key of an object that the view does not know yet. */
  readonly read = async (known?: FoldedObject): Promise<FoldedObject | undefined> => {
    const newest = await readFolded(this.#ports.log, this.name, this.fold, { known })
    if (newest?.state?.sealed !== 'Closed') return newest
    this.keys = await keysFor(this.#ports, newest.state.object.metadata.uid ?? '')
    return readFolded(this.#ports.log, this.name, this.fold)
  }

  /** Makes the outcome known to later writes. */
  note(executed: Executed<StoredObject | undefined>): void {
    this.#ports.known.noteObject(this.name, executed, this.keys)
  }
}
