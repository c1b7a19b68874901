import { type KeyRing, objectFold, type StoredObject, streamOf } from '@reckon/domain'
import { type Executed, type Fold, type Folded, readFolded } from '@reckon/eventing'
import type { Target } from './target.ts'
import { keysFor } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'

type FoldedObject = Folded<StoredObject | undefined>

/** An object's stream in the hands of its writer: what is known of it, and the keys to what is sealed in it. */
export class ObjectStream {
  readonly name: string
  known: FoldedObject | undefined
  keys: KeyRing
  readonly #ports: WritePorts

  constructor(ports: WritePorts, target: Target) {
    const { known, keys } = ports.known.object(target)
    this.name = streamOf(target.resource, target.namespace, target.name)
    this.known = known
    // What is written with a key is told with it, though a later deletion destroy it before the answer.
    this.keys = known?.state?.sealed ? keys.only(known.state.object.metadata.uid ?? '') : keys
    this.fold = objectFold(target.resource, (event) => this.keys.open(event))
    this.#ports = ports
  }

  readonly fold: Fold<StoredObject | undefined>

  /** The stream's end. Fetches the key of an object that was made behind the view's back. */
  readonly read = async (known?: FoldedObject): Promise<FoldedObject | undefined> => {
    const newest = await readFolded(this.#ports.log, this.name, this.fold, { known })
    if (newest?.state?.sealed !== 'Closed') return newest
    this.keys = await keysFor(this.#ports, newest.state.object.metadata.uid ?? '')
    return readFolded(this.#ports.log, this.name, this.fold)
  }

  /** What was recorded is known from now on. */
  note(executed: Executed<StoredObject | undefined>): void {
    this.#ports.known.noteObject(this.name, executed, this.keys)
  }
}
