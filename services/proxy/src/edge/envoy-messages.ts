import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EnvoyObject } from '@reckon/routing'
import protobuf from 'protobufjs'
import descriptor from 'protobufjs/google/protobuf/descriptor.json' with { type: 'json' }

const files = [
  'envoy/service/discovery/v3/discovery.proto',
  'envoy/config/cluster/v3/cluster.proto',
  'envoy/config/endpoint/v3/endpoint.proto',
  'envoy/config/route/v3/scoped_route.proto',
  'envoy/extensions/transport_sockets/tls/v3/secret.proto',
  'envoy/extensions/upstreams/http/v3/http_protocol_options.proto',
  'envoy/extensions/filters/http/buffer/v3/buffer.proto',
  'envoy/extensions/network/dns_resolver/cares/v3/cares_dns_resolver.proto',
  'envoy/extensions/retry/host/previous_hosts/v3/previous_hosts.proto',
]

const root = loadMessages()

/** Envoy's API from its gRPC library; field names stay as they are in YAML. */
function loadMessages(): protobuf.Root {
  const library = createRequire(import.meta.url).resolve('@grpc/grpc-js-xds/package.json')
  const roots = ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((folder) =>
    join(dirname(library), 'deps', folder),
  )
  protobuf.common('descriptor', descriptor.nested)
  const root = new protobuf.Root()
  const known = new Map<string, string>()
  root.resolvePath = (_origin, target) => {
    if (protobuf.common.get(target) !== null) return target
    const path = known.get(target) ?? findIn(roots, target)
    known.set(target, path)
    return path
  }
  return root.loadSync(files, { keepCase: true })
}

function findIn(roots: readonly string[], file: string): string {
  const found = roots.map((folder) => join(folder, file)).find((path) => existsSync(path))
  if (found === undefined) throw new Error(`${file} is in none of ${roots.join(', ')}`)
  return found
}

/** Encodes a message of this type, given in canonical proto-JSON. */
export function encodeMessage(typeName: string, json: object): Uint8Array {
  const type = root.lookupType(typeName)
  return type.encode(type.fromObject(messageOf(type, json))).finish()
}

/** Decodes a message to a plain object, with the field names of the `.proto` file. */
export function decodeMessage<T>(typeName: string, bytes: Uint8Array): T {
  const type = root.lookupType(typeName)
  return type.toObject(type.decode(bytes), { arrays: true, objects: true }) as T
}

/** The number of a field of a message. */
export function fieldIdOf(typeName: string, field: string): number {
  const { id } = root.lookupType(typeName).fields[field] ?? {}
  if (id === undefined) throw new Error(`${typeName} has no field ${field}`)
  return id
}

/** A message as `google.protobuf.Any`. */
export type EncodedAny = { type_url: string; value: Uint8Array }

export function anyOf(object: EnvoyObject): EncodedAny {
  const { '@type': typeUrl, ...fields } = object
  const typeName = typeUrl.slice(typeUrl.lastIndexOf('/') + 1)
  return { type_url: typeUrl, value: encodeMessage(typeName, fields) }
}

/**
 * Converts from proto-JSON, which protobufjs does not support: only the well-known types that JSON represents
 * differently.
 */
function messageOf(type: protobuf.Type, json: object): Record<string, unknown> {
  const entries = Object.entries(json).map(([name, value]) => {
    const field = type.fields[name]
    if (field === undefined) throw new Error(`${type.fullName} has no field ${name}`)
    const target = field.resolve().resolvedType
    if (!(target instanceof protobuf.Type)) return [name, value]
    if (field.repeated) return [name, (value as unknown[]).map((item) => fieldValue(target, item))]
    if (!field.map) return [name, fieldValue(target, value)]
    const items = Object.entries(value as object).map(([key, item]) => [
      key,
      fieldValue(target, item),
    ])
    return [name, Object.fromEntries(items)]
  })
  return Object.fromEntries(entries)
}

/** Cached, because the library computes it on every call. */
function fullNameOf(type: protobuf.Type): string {
  const known = fullNames.get(type) ?? type.fullName
  fullNames.set(type, known)
  return known
}

const fullNames = new Map<protobuf.Type, string>()

function fieldValue(type: protobuf.Type, json: unknown): unknown {
  const fullName = fullNameOf(type)
  switch (fullName) {
    case '.google.protobuf.Any':
      // Encoded messages stay as they are: resources are encoded once and sent to many.
      return '@type' in (json as object) ? anyOf(json as EnvoyObject) : json
    case '.google.protobuf.Duration': {
      const seconds = Number.parseFloat(json as string)
      const integral = Math.trunc(seconds)
      return { seconds: integral, nanos: Math.round((seconds - integral) * 1e9) }
    }
    case '.google.protobuf.Struct': {
      const fields = Object.entries(json as object).map(([key, value]) => [key, structValue(value)])
      return { fields: Object.fromEntries(fields) }
    }
    default:
      // UInt32Value, BoolValue and the like are bare values in JSON.
      return fullName.endsWith('Value') && typeof json !== 'object'
        ? { value: json }
        : messageOf(type, json as object)
  }
}

/** protobufjs has this type built in, with field names in its own style. */
function structValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  throw new Error(`no metadata may hold ${JSON.stringify(value)}`)
}
