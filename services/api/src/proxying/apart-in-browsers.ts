import type { FastifyRequest } from 'fastify'

/** What a browser may open as a page of its own, with scripts that run. */
const pages = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'])

/**
 * What a pod answers through `proxy` has the same origin as the dashboard. A browser is told to treat it as of no
 * origin (a sandbox), so that its scripts cannot use a session. This replaces whatever policy the pod itself sends.
 */
export const apartInBrowsers = ({
  headers,
}: Pick<FastifyRequest, 'headers'>): Record<string, string> =>
  isShownAsPage(headers) ? { 'content-security-policy': 'sandbox allow-scripts allow-forms' } : {}

/** A browser that does not send Sec-Fetch headers (before 2023) may be about to show it as a page. */
function isShownAsPage(headers: FastifyRequest['headers']): boolean {
  const shown = headers['sec-fetch-dest']
  if (shown === undefined) return /^(Mozilla|Opera)\//.test(headers['user-agent'] ?? '')
  return pages.has(String(shown))
}
