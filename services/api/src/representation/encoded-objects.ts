import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import { BoundedBytes } from './bounded-bytes.ts'

const currentBytesMaxDefault = 64 * 1024 * 1024
const otherBytesMaxDefault = 8 * 1024 * 1024
const momentaryBytesMax = 8 * 1024 * 1024

/** A form of an object, with the function that makes it. */
type Form = { form: string; show(object: KubernetesObject): unknown }

/**
 * A cache of objects encoded as JSON, once for each version and form, so that a GET, a LIST and every watcher get the
 * same bytes. Encodings of current objects are kept until the object changes; those of earlier versions, and
 * short-lived ones, have a smaller cache of their own.
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

  /** The object encoded in a form that `show` makes of it; the same form must always yield the same result. */
  of(resource: Resource, object: KubernetesObject, form: Form): Buffer {
    const known = this.#current.get(object, form.form) ?? this.#other.get(object, form.form)
    if (known !== undefined) return known
    return encodedIn(this.#isCurrent(resource, object) ? this.#current : this.#other, object, form)
  }

  /** As `of`, for a form that will soon be replaced. */
  passing(object: KubernetesObject, form: Form): Buffer {
    return this.#other.get(object, form.form) ?? encodedIn(this.#other, object, form)
  }

  /** As `of`, for a short-lived object, which must not displace what many share. */
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

/** A value as JSON in a buffer of its own: a slice of a shared buffer would keep the whole buffer alive. */
export function encoded(value: unknown): Buffer {
  const text = JSON.stringify(value)
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}
