import type { ResourceTable } from '@reckon/kubernetes'

/** What a request is about, as upstream's metrics name it; empty where it is about no object that is served. */
export type RequestInfo = {
  verb: string
  group: string
  version: string
  resource: string
  subresource: string
  scope: '' | 'cluster' | 'namespace' | 'resource'
}

const verbs: Record<string, string> = {
  POST: 'CREATE',
  PUT: 'UPDATE',
  PATCH: 'PATCH',
  DELETE: 'DELETE',
}

/** Upstream's RequestInfo of a method and a URL. Pure. */
export function requestInfoOf(resources: ResourceTable, method: string, url: string): RequestInfo {
  const [path = '', query = ''] = url.split('?')
  const [root, ...parts] = path.split('/').filter((part) => part !== '')
  const isCore = root === 'api'
  const group = isCore ? '' : (parts.shift() ?? '')
  const version = parts.shift() ?? ''
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2
  const [plural = '', name, subresource = ''] = isNamespaced ? parts.slice(2) : parts
  const isObject = isCore || root === 'apis'
  if (!isObject || resources.at({ group, version }, plural) === undefined) {
    return { verb: method, group: '', version: '', resource: '', subresource: '', scope: '' }
  }
  const isWatch = /(^|&)watch=(true|1)(&|$)/.test(query)
  const reading = name !== undefined ? 'GET' : isWatch ? 'WATCH' : 'LIST'
  const writing = method === 'DELETE' && name === undefined ? 'DELETECOLLECTION' : verbs[method]
  return {
    verb: method === 'GET' ? reading : (writing ?? method),
    group,
    version,
    resource: plural,
    subresource,
    scope: name !== undefined ? 'resource' : isNamespaced ? 'namespace' : 'cluster',
  }
}
