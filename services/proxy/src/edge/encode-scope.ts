import type { Scope, VirtualHost } from '@reckon/routing'
import protobuf from 'protobufjs'
import { type EncodedAny, encodeMessage, fieldIdOf } from './envoy-messages.ts'

const scopeMessage = 'envoy.config.route.v3.ScopedRouteConfiguration'
const routesMessage = 'envoy.config.route.v3.RouteConfiguration'
const hostMessage = 'envoy.config.route.v3.VirtualHost'

/** Encodes a scope as `anyOf` would, but each of its hosts only once: usually only one has changed. */
export function encodeScope({
  '@type': type_url,
  route_configuration: { virtual_hosts, ...routes },
  ...own
}: Scope): EncodedAny {
  const hosts = virtual_hosts.map(encodedHost)
  const configuration = withField(routesMessage, routes, ['virtual_hosts', hosts])
  const value = withField(scopeMessage, own, ['route_configuration', [configuration]])
  return { type_url, value }
}

function encodedHost(host: VirtualHost): Uint8Array {
  const known = encoded.get(host) ?? encodeMessage(hostMessage, host)
  encoded.set(host, known)
  return known
}

const encoded = new WeakMap<VirtualHost, Uint8Array>()

/** A protobuf message is the concatenation of its fields, so encoded fields can be appended. */
function withField(
  typeName: string,
  others: object,
  [field, values]: readonly [string, readonly Uint8Array[]],
): Uint8Array {
  const writer = protobuf.Writer.create()
  const lengthDelimited = 2
  const tag = (fieldIdOf(typeName, field) << 3) | lengthDelimited
  for (const value of values) writer.uint32(tag).bytes(value)
  return Buffer.concat([encodeMessage(typeName, others), writer.finish()])
}
