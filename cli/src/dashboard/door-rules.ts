import type { IncomingHttpHeaders } from 'node:http'

/**
 * What a request to the door is: for the page itself, for a session, or for the API, and the path by which it was
 * judged, which alone goes on; or why it is turned away.
 */
export type Judged =
  | { is: 'page' | 'session' | 'api'; path: string }
  | { is: 'refused'; code: number; message: string }

type DoorRequest = { method: string; url: string; headers: IncomingHttpHeaders }

/** The page's own files, by the names that they have: nothing of it is encoded, and none begins with a dot. */
const ofPage = /^\/(ui\/?|ui\/\w[\w-]*(\/\w[\w.-]*)+)?$/
const ofPod = /\/(pods|services|nodes)\/[^/]+\/proxy(\/|$)/
const ofApi = /^\/(apis?|at|version|openapi)(\/|$)/

/**
 * What may come in by a door on loopback. The name by which it was reached has to be its own, or another site could
 * lead a name of its own here (DNS rebinding); what browsers say comes from elsewhere is refused; and what a pod
 * answers through `proxy` would be of the same origin as the page. Pure.
 */
export function judge({ method, url, headers }: DoorRequest, names: readonly string[]): Judged {
  const { host = '', origin } = headers
  if (!names.includes(host)) return refused(421, `this door is not called ${host}`)
  const { path, query } = placeIn(url)
  const site = headers['sec-fetch-site']
  if (ofPage.test(path)) {
    const isReading = method === 'GET' || method === 'HEAD'
    return isReading ? { is: 'page', path } : refused(405, 'the page is only read')
  }
  const isOwn = origin === undefined || names.some((name) => origin === `http://${name}`)
  if (!isOwn || (site !== undefined && site !== 'same-origin')) {
    return refused(403, 'only the page of this door may ask that')
  }
  if (path === '/ui/session') return { is: 'session', path }
  const plain = decoded(path)
  if (plain === undefined || !ofApi.test(path)) {
    return refused(404, 'nothing is here but /ui/ and the API')
  }
  if (ofPod.test(plain)) return refused(403, 'no pod is opened through this door')
  return { is: 'api', path: `${path}${query}` }
}

/** Without the steps up that a path may hold: whoever asks the API takes them, and would come to another place. */
function placeIn(url: string): { path: string; query: string } {
  const at = url.startsWith('/') ? `http://door${url}` : ''
  const { pathname: path, search: query } = URL.parse(at) ?? { pathname: '', search: '' }
  return { path, query }
}

/** As the API's router reads it; undefined where it cannot. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const refused = (code: number, message: string): Judged => ({ is: 'refused', code, message })
