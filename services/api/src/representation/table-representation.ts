import type { Clock } from '@reckon/eventing'
import { badRequest, type KubernetesObject, tableOf, tableRowOf } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ServedResource } from '../requests/object-routes.ts'
import { queryOf } from '../requests/request-context.ts'
import { type EncodedObjects, encoded } from './encoded-objects.ts'
import { listAround } from './list-around.ts'
import { metadataOnly } from './object-representation.ts'
import type { Representation } from './representation.ts'

type IncludeObject = 'None' | 'Metadata' | 'Object'

type TableContext = { encoded: EncodedObjects; clock: Pick<Clock, 'now'>; apiVersion: string }

/** How much of its object each row includes. */
export function includedObject(request: FastifyRequest): IncludeObject {
  const { includeObject } = queryOf(request)
  if (!includeObject) return 'Metadata'
  const known = (['None', 'Metadata', 'Object'] as const).find((value) => value === includeObject)
  if (known !== undefined) return known
  throw badRequest(`unrecognized includeObject value: "${includeObject}"`)
}

/** Objects as table rows. Ages are as of the second in which they are sent. */
export function table(
  served: ServedResource,
  includeObject: IncludeObject,
  context: TableContext,
): Representation {
  const next = rows(served, includeObject, { ...context, columnDefinitions: false })
  return { ...rows(served, includeObject, { ...context, columnDefinitions: true }), next }
}

function rows(
  served: ServedResource,
  includeObject: IncludeObject,
  context: TableContext & { columnDefinitions: boolean },
): Representation {
  const { resource, groupVersion } = served
  const { clock, apiVersion, columnDefinitions } = context
  const { group, version } = groupVersion
  const id = `Table ${apiVersion} ${group}/${version} ${includeObject} ${columnDefinitions}`
  const show = (objects: readonly KubernetesObject[], metadata: object) => {
    const options = { now: new Date(clock.now()), includeObject, metadata, columnDefinitions }
    return { ...tableOf(resource, groupVersion, objects, options), apiVersion }
  }
  const alone = (object: KubernetesObject) => {
    const { resourceVersion } = object.metadata
    return show([object], resourceVersion === undefined ? {} : { resourceVersion })
  }
  const item = itemOf(served, includeObject, context)
  return {
    id,
    object: (object) => {
      const form = `${id} ${Math.floor(clock.now() / 1000)}`
      return context.encoded.passing(object, { form, show: alone })
    },
    item,
    ...(includeObject === 'Object' && {
      momentary: { object: (object) => encoded(alone(object)), item },
    }),
    list: (metadata) => {
      const { rows: _, ...head } = show([], metadata)
      return listAround(head, 'rows')
    },
    bookmark: (metadata) => encoded(show([], metadata)),
  }
}

/** A row of a list. Its cells are of this moment; metadata, the longer part of it, is encoded once for a version. */
function itemOf(
  served: ServedResource,
  includeObject: IncludeObject,
  { clock, encoded: bytes }: TableContext,
): Representation['item'] {
  const { resource, groupVersion } = served
  const rowOf = (object: KubernetesObject, carried: IncludeObject) =>
    tableRowOf(resource, groupVersion, object, {
      now: new Date(clock.now()),
      includeObject: carried,
    })
  if (includeObject !== 'Metadata') return (object) => encoded(rowOf(object, includeObject))
  const { item: metadataOf } = metadataOnly(served, 'meta.k8s.io/v1', bytes)
  return (object) => {
    const cells = JSON.stringify(rowOf(object, 'None'))
    const before = Buffer.from(`${cells.slice(0, -1)},"object":`)
    return Buffer.concat([before, metadataOf(object), rowEnd])
  }
}

const rowEnd = Buffer.from('}')
