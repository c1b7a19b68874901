import { applyPatch, createPatch, type Operation } from 'rfc6902'
import { isDeepEqual } from './deep-equal.ts'
import { checkDepth } from './json-depth.ts'
import { badRequest } from './refusals.ts'
import { StatusError } from './status-error.ts'

/** Operations after RFC 6902. */
export type JsonPatch = readonly Operation[]

const operationsMax = 10_000
/** Names that the patching library skips in a path, lest they reach an object's prototype. */
const unreachable = ['__proto__', 'constructor', 'prototype']
/** Comparing two lists costs the product of their lengths; longer ones are replaced whole. */
const comparisonsMax = 128 * 128

/** What the patching library's errors mean; its own words name paths below a root of ours. */
const whyRefused: Readonly<Record<string, string>> = {
  InvalidOperationError: 'there is no such operation',
  MissingError: 'the path does not exist',
  TestError: 'the value is another',
}

/**
 * Refuses a patch that a client may not ask for: no list of operations, too many, too deep, or reaching for a prototype.
 * What was recorded was checked when it was asked for.
 */
export function checkJsonPatch(patch: JsonPatch): void {
  if (!Array.isArray(patch) || patch.some((operation) => typeof operation?.op !== 'string')) {
    throw badRequest('error decoding patch: a JSON patch is a list of operations')
  }
  if (patch.length > operationsMax) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${patch.length}`,
    )
  }
  checkDepth(patch)
  for (const operation of patch) {
    const paths = 'from' in operation ? [operation.path, operation.from] : [operation.path]
    for (const path of paths) {
      const [root, ...tokens] = String(path).split('/')
      if (root === '' && !tokens.some((token) => unreachable.includes(token))) continue
      throw new StatusError('Invalid', `a JSON patch cannot reach into ${path}`)
    }
  }
}

/**
 * Patches a copy, which shares with the object whatever the patch does not touch. A failing test or a missing path is
 * refused as Invalid, as upstream does. A patch from outside is to be checked before.
 */
export function applyJsonPatch<T>(object: T, patch: JsonPatch): T {
  let patched = object
  const own = new Set<unknown>()
  for (const operation of patch) {
    const isWhole = operation.path === '' || ('from' in operation && operation.from === '')
    patched = isWhole ? appliedWhole(patched, operation) : applied(patched, operation, own)
  }
  return patched
}

/** One operation below the document. What is in `own` is a copy already. */
function applied<T>(object: T, operation: Operation, own: Set<unknown>): T {
  const document = owned(object, own)
  ownPath(document, operation.path, own)
  if ('from' in operation) ownPath(document, operation.from, own)
  refuse(applyPatch(document, [operation])[0], operation)
  return document
}

/** One operation on the whole document, which needs something to stand in. */
function appliedWhole<T>(object: T, operation: Operation): T {
  const root = { object: structuredClone(object) }
  const from = 'from' in operation ? { from: `/object${operation.from}` } : {}
  const below = { ...operation, ...from, path: `/object${operation.path}` } as Operation
  refuse(applyPatch(root, [below])[0], operation)
  return root.object
}

function refuse(failure: Error | null | undefined, { op, path }: Operation): void {
  if (!failure) return
  const why = whyRefused[failure.name] ?? failure.message
  const message = 'the server rejected our request due to an error in our request'
  throw new StatusError('Invalid', `${message}: ${op} ${path}: ${why}`)
}

/** Copies what lies on the way to a path, once, so that a change there reaches nobody else. The rest stays shared. */
function ownPath(document: unknown, path: string, own: Set<unknown>): void {
  let parent = document as Record<string, unknown>
  let at = 1
  for (let end = path.indexOf('/', at); end >= 0; end = path.indexOf('/', at)) {
    const token = path.slice(at, end)
    const name = token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token
    const child = Object.hasOwn(parent, name) ? parent[name] : undefined
    if (typeof child !== 'object' || child === null) return
    const copy = owned(child, own)
    parent[name] = copy
    parent = copy as Record<string, unknown>
    at = end + 1
  }
}

/** The value itself where it is a copy of ours, else a copy. */
function owned<T>(value: T, own: Set<unknown>): T {
  if (own.has(value) || typeof value !== 'object' || value === null) return value
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as T
  own.add(copy)
  return copy
}

/** What leads from `before` to `after`: minimal, and the same for the same two objects. */
export function createJsonPatch(before: unknown, after: unknown): JsonPatch {
  return createPatch(before, after, (input, output, pointer) => {
    if (!mustReplaceWhole(input, output)) return undefined
    if (isDeepEqual(input, output)) return []
    return [{ op: 'replace', path: pointer.toString(), value: output }]
  })
}

function mustReplaceWhole(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length * after.length > comparisonsMax
  }
  return unreachable.some(
    (name) => Object.hasOwn(Object(before), name) || Object.hasOwn(Object(after), name),
  )
}
