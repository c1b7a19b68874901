import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import { BoundedBytes } from './bounded-bytes.ts'

const currentBytesMaxDefault = 64 * 1024 * 1024
const otherBytesMaxDefault = 8 * 1024 * 1024
const momentaryBytesMax = 8 * 1024 * 1024

/** A form of an object, and what makes it. */
type Form = { form: string; show(object: KubernetesObject): unknown }

/**
 * Objects as the JSON that clients are shown, encoded once for each version and form: a GET, a LIST and every watcher
 * get the same bytes. Those of objects as they are now are kept until they change; those of earlier versions, and what
 * is true for a moment only, apart and fewer.
 */
export class EncodedObjects {
  readonly #objects: ObjectsView
  readonly #current: BoundedBytes
  readonly #other: BoundedBytes
  readonly #momentary = new BoundedBytes(momentaryBytesMax)

  constructor(
    objects: ObjectsView,
    currentBytesMax = currentBytesMaxDefault,
    otherBytesMax = otherBytesMaxDefault,
  ) {
    this.#objects = objects
    this.#current = new BoundedBytes(currentBytesMax)
    this.#other = new BoundedBytes(otherBytesMax)
    objects.subscribe(({ before }) => {
      if (before !== undefined) this.#current.forget(before.object)
    })
  }

  /** The object in a form, which `show` makes of it; the same form always makes the same of the same object. */
  of(resource: Resource, object: KubernetesObject, form: Form): Buffer {
    const known = this.#current.get(object, form.form) ?? this.#other.get(object, form.form)
    if (known !== undefined) return known
    return encodedIn(this.#isCurrent(resource, object) ? this.#current : this.#other, object, form)
  }

  /** As `of`, for a form that is soon another. */
  passing(object: KubernetesObject, form: Form): Buffer {
    return this.#other.get(object, form.form) ?? encodedIn(this.#other, object, form)
  }

  /** As `of`, of an object that is true for a moment only: what many share does not go for it. */
  momentary(object: KubernetesObject, form: Form): Buffer {
    return this.#momentary.get(object, form.form) ?? encodedIn(this.#momentary, object, form)
  }

  #isCurrent(resource: Resource, object: KubernetesObject): boolean {
    const { namespace = '', name } = object.metadata
    return this.#objects.get(resource, namespace, name)?.object === object
  }
}

function encodedIn(kept: BoundedBytes, object: KubernetesObject, { form, show }: Form): Buffer {
  const bytes = encoded(show(object))
  kept.keep(object, form, bytes)
  return bytes
}

/** A value as JSON, in memory of its own: of what is shared with others a small part would keep the whole. */
export function encoded(value: unknown): Buffer {
  const text = JSON.stringify(value)
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}
