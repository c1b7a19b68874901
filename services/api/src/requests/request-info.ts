import type { ResourceTable, Subresource } from '@reckon/kubernetes'
import { isTrue } from './request-context.ts'

/** What a request is about, as upstream's metrics label it; empty for requests that are not about served objects. */
export type RequestInfo = {
  verb: string
  group: string
  version: string
  resource: string
  subresource: string
  scope: '' | 'cluster' | 'namespace' | 'resource'
}

/** What a request about a subresource counts as: an answer, a stream, or CONNECT, whatever the method. */
const sorts: Record<Subresource, 'Answer' | 'Stream' | 'Connect'> = {
  status: 'Answer',
  approval: 'Answer',
  scale: 'Answer',
  binding: 'Answer',
  eviction: 'Answer',
  ephemeralcontainers: 'Answer',
  finalize: 'Answer',
  token: 'Answer',
  log: 'Stream',
  exec: 'Connect',
  attach: 'Connect',
  portforward: 'Connect',
  proxy: 'Connect',
}
const sortOf: ReadonlyMap<string, string> = new Map(Object.entries(sorts))

/** Upstream's RequestInfo for a method and a URL. Pure. */
export function requestInfoOf(resources: ResourceTable, method: string, url: string): RequestInfo {
  const [path = '', query = ''] = url.split('?')
  const [root, ...parts] = path.split('/').filter((part) => part !== '')
  const isCore = root === 'api'
  const group = isCore ? '' : (parts.shift() ?? '')
  const version = parts.shift() ?? ''
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2 && !isOfNamespace(parts)
  const [plural = '', name, subresource = ''] = isNamespaced ? parts.slice(2) : parts
  const isObject = isCore || root === 'apis'
  const resource = isObject ? resources.at({ group, version }, plural) : undefined
  // Unknown names must not become labels: anybody could create any number of series.
  const isServed = subresource === '' || resource?.subresources.some((each) => each === subresource)
  if (resource === undefined || !isServed) {
    return { verb: method, group: '', version: '', resource: '', subresource: '', scope: '' }
  }
  const verb = verbOf({ method, query, name, subresource })
  return {
    verb,
    group,
    version,
    resource: plural,
    subresource,
    scope: name !== undefined ? 'resource' : isNamespaced ? 'namespace' : 'cluster',
  }
}

/** A Namespace's own subresources have the same path shape as objects in it. */
const isOfNamespace = ([, , below = '', more]: readonly string[]): boolean =>
  more === undefined && (below === 'status' || below === 'finalize')

type ParsedPath = { method: string; query: string; name: string | undefined; subresource: string }

function verbOf({ method, query, name, subresource }: ParsedPath): string {
  if (sortOf.get(subresource) === 'Connect') return 'CONNECT'
  if (method === 'DELETE') return name === undefined ? 'DELETECOLLECTION' : 'DELETE'
  if (method !== 'GET') return method
  if (name !== undefined) return 'GET'
  return isTrue(new URLSearchParams(query).get('watch') ?? undefined) ? 'WATCH' : 'LIST'
}

/** Whether upstream counts a request as long-running: its duration says nothing about the server. */
export const isLongRunning = ({ verb, subresource }: RequestInfo): boolean =>
  verb === 'WATCH' || verb === 'CONNECT' || sortOf.get(subresource) === 'Stream'
