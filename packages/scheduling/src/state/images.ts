import type { Node } from '@reckon/kubernetes'

type Images = ReadonlyMap<string, number>
const none: Images = new Map()

/** An image that some node has. */
export type ImageState = { readonly sizeBytes: number; readonly nodeCount: number }

/** Which nodes have which images. */
export class NodeImages {
  readonly #bySlot = new Map<number, Images>()
  readonly #sizes = new Map<string, Map<number, number>>()

  get isEmpty(): boolean {
    return this.#bySlot.size === 0
  }

  /** Undefined where no node has it. Nodes may report different sizes of one image; the largest counts. */
  stateOf(image: string): ImageState | undefined {
    const sizes = this.#sizes.get(withTag(image))
    if (sizes === undefined) return undefined
    return {
      sizeBytes: [...sizes.values()].reduce((a, b) => Math.max(a, b), 0),
      nodeCount: sizes.size,
    }
  }

  /** Whether that node's images include it. */
  has(slot: number, image: string): boolean {
    return this.#bySlot.get(slot)?.has(withTag(image)) ?? false
  }

  /** Applies the images that a node reports; returns whether anything changed. */
  set(slot: number, status: Node['status']): boolean {
    const before = this.#bySlot.get(slot) ?? none
    const after = imagesIn(status)
    if (isEqual(before, after)) return false
    for (const name of before.keys()) this.#forget(name, slot)
    for (const [name, size] of after) {
      const sizes = this.#sizes.get(name) ?? new Map<number, number>()
      this.#sizes.set(name, sizes.set(slot, size))
    }
    if (after.size > 0) this.#bySlot.set(slot, after)
    else this.#bySlot.delete(slot)
    return true
  }

  #forget(name: string, slot: number): void {
    const sizes = this.#sizes.get(name)
    sizes?.delete(slot)
    if (sizes?.size === 0) this.#sizes.delete(name)
  }
}

function imagesIn(status: Node['status']): Images {
  if (!status?.images?.length) return none
  return new Map(
    status.images.flatMap(({ names = [], sizeBytes = 0 }) =>
      names.map((name) => [name, Number(sizeBytes)] as const),
    ),
  )
}

const isEqual = (a: Images, b: Images): boolean =>
  a === b || (a.size === b.size && [...a].every(([name, size]) => b.get(name) === size))

/** A name without a tag means `latest` (kube-scheduler's normalizedImageName). */
function withTag(name: string): string {
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`
}
