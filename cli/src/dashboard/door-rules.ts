import type { IncomingHttpHeaders } from 'node:http'

/** What a request to the door is: for the page itself, for a session, or for the API; or why it is turned away. */
export type Judged =
  | { is: 'page' | 'session' | 'api' }
  | { is: 'refused'; code: number; message: string }

type Asked = { method: string; path: string; headers: IncomingHttpHeaders }

const ofApi = /^\/(apis?|at|version|openapi)(\/|$)/

/**
 * What may come in by a door on loopback. The name by which it was reached has to be its own, or another site could lead a
 * name of its own here (DNS rebinding); what browsers say comes from elsewhere is refused; and what a pod answers through
 * `proxy` would be of the same origin as the page. Pure.
 */
export function judge({ method, path, headers }: Asked, names: readonly string[]): Judged {
  const { host = '', origin } = headers
  if (!names.includes(host)) return refused(421, `this door is not called ${host}`)
  const site = headers['sec-fetch-site']
  const isReading = method === 'GET' || method === 'HEAD'
  const isPage = /^\/(ui(\/.*)?)?$/.test(path) && path !== '/ui/session'
  if (isPage) return isReading ? { is: 'page' } : refused(405, 'the page is only read')
  const isOwn = origin === undefined || names.some((name) => origin === `http://${name}`)
  if (!isOwn || (site !== undefined && site !== 'same-origin')) {
    return refused(403, 'only the page of this door may ask that')
  }
  if (path === '/ui/session') return { is: 'session' }
  if (!ofApi.test(path)) return refused(404, 'nothing is here but /ui/ and the API')
  if (/\/proxy(\/|$)/.test(path)) return refused(403, 'no pod is opened through this door')
  return { is: 'api' }
}

const refused = (code: number, message: string): Judged => ({ is: 'refused', code, message })
