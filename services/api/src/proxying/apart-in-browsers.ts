import type { FastifyRequest } from 'fastify'

/** What a browser shows as a page of its own, with scripts that run. */
const pages = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'])

/**
 * What a pod answers through `proxy` is of this server's own origin, as the dashboard is: a browser is told to show it
 * apart, as of no origin, so that its scripts see nothing of a session. Whatever the pod itself allows, this replaces.
 */
export const apartInBrowsers = ({
  headers,
}: Pick<FastifyRequest, 'headers'>): Record<string, string> =>
  isShownAsPage(headers) ? { 'content-security-policy': 'sandbox allow-scripts allow-forms' } : {}

/** A browser that does not say what it asks for (before 2023) may be about to show it. */
function isShownAsPage(headers: FastifyRequest['headers']): boolean {
  const shown = headers['sec-fetch-dest']
  if (shown === undefined) return /^(Mozilla|Opera)\//.test(headers['user-agent'] ?? '')
  return pages.has(String(shown))
}
