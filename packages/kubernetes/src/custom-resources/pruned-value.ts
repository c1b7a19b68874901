import type { Findings } from '../decoding/findings.ts'
import { typedMetadata } from '../decoding/typed-value.ts'
import { joinPath } from '../json/duplicate-fields.ts'
import { isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { isEmbedded, isOpen } from './custom-schema.ts'

type Pruning = { path: string; found: Findings }

/**
 * Prunes the fields that the schema of a custom kind does not name, and records their paths. Values of a wrong type
 * stay, to be reported as invalid.
 */
export function prunedObject(schema: Schema, value: JsonObject, found: Findings): JsonObject {
  const { apiVersion, kind, metadata, ...content } = value
  const object = prunedFields(schema, content, { path: '', found })
  const named = isJsonObject(metadata) ? typedMetadata(metadata, 'metadata', found) : metadata
  return { apiVersion, kind, ...(named !== undefined && { metadata: named }), ...object }
}

function pruned(schema: Schema, value: unknown, pruning: Pruning): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return value
    return value.map((item, n) =>
      pruned(items, item, { ...pruning, path: `${pruning.path}[${n}]` }),
    )
  }
  if (!isJsonObject(value)) return value
  if (!isEmbedded(schema)) return prunedFields(schema, value, pruning)
  const { apiVersion, kind, metadata, ...content } = value
  const path = joinPath(pruning.path, 'metadata')
  return {
    ...(apiVersion !== undefined && { apiVersion }),
    ...(kind !== undefined && { kind }),
    ...(isJsonObject(metadata) && { metadata: typedMetadata(metadata, path, pruning.found) }),
    ...prunedFields(schema, content, pruning),
  }
}

/** As upstream, nulls count as absent unless the schema allows them. */
function prunedFields(schema: Schema, value: JsonObject, pruning: Pruning): JsonObject {
  const { properties = {}, additionalProperties } = schema
  const result: JsonObject = {}
  for (const [field, child] of Object.entries(value)) {
    const path = joinPath(pruning.path, field)
    const known = Object.hasOwn(properties, field) ? properties[field] : additionalProperties
    if (known === undefined) {
      if (isOpen(schema)) setField(result, field, child)
      else pruning.found.unknown.push(path)
    } else if (child !== null || known.nullable || isOpen(known)) {
      setField(result, field, pruned(known, child, { ...pruning, path }))
    }
  }
  return result
}
