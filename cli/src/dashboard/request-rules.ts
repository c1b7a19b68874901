import type { IncomingHttpHeaders } from 'node:http'

/**
 * The verdict on a request to the proxy: it asks for the page itself, for a session, or for the API, with the
 * normalized path by which it was judged, which alone is passed on; or why it is refused.
 */
export type Judged =
  | { is: 'page' | 'session' | 'api'; path: string }
  | { is: 'refused'; code: number; message: string }

type ProxyRequest = { method: string; url: string; headers: IncomingHttpHeaders }

/** The page's own files, by their names: none is percent-encoded, and none begins with a dot. */
const ofPage = /^\/(ui\/?|ui\/\w[\w-]*(\/\w[\w.-]*)+)?$/
const ofPod = /\/(pods|services|nodes)\/[^/]+\/proxy(\/|$)/
const ofApi = /^\/(apis?|at|version|openapi)(\/|$)/

/**
 * Judges requests to the proxy on loopback. The Host must be its own, because another site could point one of its names
 * here (DNS rebinding). Cross-site requests, as reported by the browser, are refused. So is `proxy` to pods, because
 * their answers would have the same origin as the page. Pure.
 */
export function judge({ method, url, headers }: ProxyRequest, names: readonly string[]): Judged {
  const { host = '', origin } = headers
  if (!names.includes(host)) return refused(421, `this proxy does not answer to ${host}`)
  const { path, query } = placeIn(url)
  const site = headers['sec-fetch-site']
  if (ofPage.test(path)) {
    const isReading = method === 'GET' || method === 'HEAD'
    return isReading ? { is: 'page', path } : refused(405, 'the page is only read')
  }
  const isOwn = origin === undefined || names.some((name) => origin === `http://${name}`)
  if (!isOwn || (site !== undefined && site !== 'same-origin')) {
    return refused(403, 'only the page of this proxy may ask that')
  }
  if (path === '/ui/session') return { is: 'session', path }
  const plain = decoded(path)
  if (plain === undefined || !ofApi.test(path)) {
    return refused(404, 'nothing is here but /ui/ and the API')
  }
  if (ofPod.test(plain)) return refused(403, 'pods and nodes are not reached through this proxy')
  return { is: 'api', path: `${path}${query}` }
}

/** Resolves `..` in a path, because the HTTP client would do so and reach another path than the one judged. */
function placeIn(url: string): { path: string; query: string } {
  const at = url.startsWith('/') ? `http://proxy${url}` : ''
  const { pathname: path, search: query } = URL.parse(at) ?? { pathname: '', search: '' }
  return { path, query }
}

/** Decodes a path as the API's router does; undefined where it is malformed. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const refused = (code: number, message: string): Judged => ({ is: 'refused', code, message })
