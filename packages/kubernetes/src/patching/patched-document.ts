import type { Operation } from 'rfc6902'
import { isDeepEqual } from '../json/deep-equal.ts'
import { checkDepth } from '../json/json-depth.ts'
import { isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import { StatusError } from '../status-error.ts'
import { tokensOf } from './json-pointer.ts'

/** How much `copy` operations may add in all, as upstream: an object copied into itself doubles each time. */
const copiedCharactersMax = 3 * 1024 * 1024

/** The location of an operation: a member of an object, or an index of a list. */
type TargetLocation = { within: JsonObject | unknown[]; key: string }

/**
 * A document to which a JSON patch is applied as kube-apiserver's library does (evanphx/json-patch v4): a missing
 * member counts as null and can be replaced, and −1 is the last index of a list. Copies what it changes, once, and
 * shares the rest.
 */
export class PatchedDocument {
  #value: unknown
  readonly #own = new Set<unknown>()
  #copied = 0

  constructor(value: unknown) {
    this.#value = value
  }

  /** The document as the operations so far have made it. */
  get value(): unknown {
    return this.#value
  }

  /** Refused as Invalid where the operation does not fit the document. */
  apply(operation: Operation): void {
    const { op } = operation
    switch (operation.op) {
      case 'add':
        insert(this.#find('add', operation.path), operation.value ?? null)
        break
      case 'remove':
        remove(this.#find('remove', operation.path))
        break
      case 'replace':
        this.#replace(operation.path, operation.value ?? null)
        break
      case 'test':
        this.#test(operation.path, operation.value)
        break
      case 'move':
        this.#move(operation.from, operation.path)
        break
      case 'copy':
        this.#copy(operation.from, operation.path)
        break
      default:
        throw refused(`Unexpected kind: ${op}`)
    }
  }

  #replace(path: string, value: unknown): void {
    if (path !== '') {
      write(this.#find('replace', path), value)
      return
    }
    if (typeof value !== 'object' || value === null) {
      throw refused('replace operation value must be object or array')
    }
    this.#value = value
  }

  #test(path: string, value: unknown): void {
    if (value === undefined) throw refused(`testing value ${path} failed: missing value`)
    const found = path === '' ? this.#value : read(this.#find('test', path))
    if (!isDeepEqual(found, value)) throw refused(`testing value ${path} failed: test failed`)
  }

  #move(from: string, path: string): void {
    const source = this.#find('move', from)
    const moved = read(source)
    remove(source)
    insert(this.#find('move', path), moved)
  }

  #copy(from: string, path: string): void {
    const found = read(this.#find('copy', from))
    checkDepth(found)
    const text = JSON.stringify(found)
    this.#copied += text.length
    if (this.#copied > copiedCharactersMax) {
      throw refused(
        `Unable to complete the copy, the accumulated size increase of copy is ${this.#copied}, exceeding the limit ${copiedCharactersMax}`,
      )
    }
    insert(this.#find('copy', path), JSON.parse(text))
  }

  /** Finds the location of a path; containers on the way are copied first, so that changes stay private. */
  #find(op: string, path: string | undefined): TargetLocation {
    const tokens = tokensOf(String(path))
    const key = tokens.at(-1)
    if (key === undefined) throw missing(op, path)
    let within = this.#owned(this.#value)
    this.#value = within
    for (let depth = 0; depth < tokens.length - 1; depth++) {
      const token = tokens[depth] ?? ''
      if (!isContainer(within)) throw missing(op, path)
      const key = Array.isArray(within) ? indexIn(token, within.length) : token
      if (key === undefined) throw missing(op, path)
      const place = { within, key }
      const found = read(place)
      const owned = this.#owned(found)
      if (owned !== found) write(place, owned)
      within = owned
    }
    if (!isContainer(within)) throw missing(op, path)
    return { within, key }
  }

  /** The value itself where it is a copy of ours, else a copy. */
  #owned(value: unknown): unknown {
    if (!isContainer(value) || this.#own.has(value)) return value
    const copy = Array.isArray(value) ? [...value] : { ...value }
    this.#own.add(copy)
    return copy
  }
}

const isContainer = (value: unknown) => Array.isArray(value) || isJsonObject(value)

/** The index that a key means in a list of so many places, if it is one; negative ones count from the end. */
function indexIn(key: string, places: number): string | undefined {
  if (key.length === 1 && key >= '0' && key <= '9') return Number(key) < places ? key : undefined
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN
  if (index >= 0 && index < places) return String(index)
  return index < 0 && index >= -places ? String(index + places) : undefined
}

function indexOf(key: string, places: number): number {
  const index = indexIn(key, places)
  if (index !== undefined) return Number(index)
  throw refused(`Unable to access invalid index: ${key}: invalid index referenced`)
}

/** What stands there; a missing member counts as null. */
function read({ within, key }: TargetLocation): unknown {
  if (Array.isArray(within)) return within[indexOf(key, within.length)]
  return Object.hasOwn(within, key) ? (within[key] ?? null) : null
}

function write({ within, key }: TargetLocation, value: unknown): void {
  if (Array.isArray(within)) within[indexOf(key, within.length)] = value
  else setField(within, key, value)
}

function insert({ within, key }: TargetLocation, value: unknown): void {
  if (!Array.isArray(within)) setField(within, key, value)
  else if (key === '-') within.push(value)
  else within.splice(indexOf(key, within.length + 1), 0, value)
}

function remove({ within, key }: TargetLocation): void {
  if (Array.isArray(within)) within.splice(indexOf(key, within.length), 1)
  else if (Object.hasOwn(within, key)) delete within[key]
  else throw refused(`Unable to remove nonexistent key: ${key}: missing value`)
}

const missing = (op: string, path: string | undefined): StatusError =>
  refused(`${op} operation does not apply: doc is missing path: "${path}": missing value`)

function refused(why: string): StatusError {
  const message = 'the server rejected our request due to an error in our request'
  return new StatusError('Invalid', `${message}: ${why}`)
}
