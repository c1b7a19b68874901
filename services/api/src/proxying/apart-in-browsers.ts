import type { FastifyRequest } from 'fastify'

/** What a browser shows as a page of its own, with scripts that run. */
const pages = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'])

/**
 * What a pod answers through `proxy` is of this server's own origin, as the dashboard is: a browser is told to show it apart, as of
 * no origin, so that its scripts see nothing of a session. Whatever the pod itself allows, this replaces.
 */
export const apartInBrowsers = ({
  headers,
}: Pick<FastifyRequest, 'headers'>): Record<string, string> =>
  pages.has(String(headers['sec-fetch-dest']))
    ? { 'content-security-policy': 'sandbox allow-scripts allow-forms' }
    : {}
