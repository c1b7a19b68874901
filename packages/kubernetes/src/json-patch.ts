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
 * Patches a copy, which shares with the object whatever the patch does not touch. A failing test or a missing path is
 * refused as Invalid, as upstream does.
 */
export function applyJsonPatch<T>(object: T, patch: JsonPatch): T {
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
  // Below a root of its own, so that a patch may replace the whole document.
  const root = { object }
  const own = new Set<object>([root])
  const operations = patch.map(belowRoot)
  for (const [index, operation] of operations.entries()) {
    ownPath(root, operation.path, own)
    if ('from' in operation) ownPath(root, operation.from, own)
    const [failure] = applyPatch(root, [operation])
    if (!failure) continue
    const { op, path } = patch[index] as Operation
    const why = whyRefused[failure.name] ?? failure.message
    const message = 'the server rejected our request due to an error in our request'
    throw new StatusError('Invalid', `${message}: ${op} ${path}: ${why}`)
  }
  return root.object
}

/** Copies what lies on the way to a path, once, so that a change there reaches nobody else. The rest stays shared. */
function ownPath(root: object, path: string, own: Set<object>): void {
  let parent = root as Record<string, unknown>
  for (const token of path.split('/').slice(1, -1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const child = Object.hasOwn(parent, name) ? parent[name] : undefined
    if (typeof child !== 'object' || child === null) return
    if (!own.has(child)) {
      const copy = Array.isArray(child) ? [...child] : { ...child }
      own.add(copy)
      parent[name] = copy
    }
    parent = parent[name] as Record<string, unknown>
  }
}

function belowRoot(operation: Operation): Operation {
  const tokens = `${operation.path}/${'from' in operation ? operation.from : ''}`.split('/')
  if (tokens.some((token) => unreachable.includes(token))) {
    throw new StatusError('Invalid', `a JSON patch cannot reach into ${operation.path}`)
  }
  const from = 'from' in operation ? { from: `/object${operation.from}` } : {}
  return { ...operation, ...from, path: `/object${operation.path}` } as Operation
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
