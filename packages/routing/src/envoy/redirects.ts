import { type IngressOptions, isJsonObject } from '@reckon/kubernetes'

type Redirect = NonNullable<IngressOptions['redirect']>

const responseCodes: Readonly<Record<number, string>> = {
  301: 'MOVED_PERMANENTLY',
  302: 'FOUND',
  303: 'SEE_OTHER',
  307: 'TEMPORARY_REDIRECT',
  308: 'PERMANENT_REDIRECT',
}
const tlsPortDefault = 443

/** Redirects to another URL; without a path there, to the requested path and query. */
export const redirectOf = ({ to, status }: Redirect): object => ({
  scheme_redirect: to.scheme,
  host_redirect: to.host,
  ...(to.port === undefined ? {} : { port_redirect: to.port }),
  ...(to.path === undefined ? {} : { path_redirect: to.path, strip_query: to.path.includes('?') }),
  response_code: responseCodes[status] ?? 'PERMANENT_REDIRECT',
})

/** Whether a route redirects requests to HTTPS. */
export const isTlsRedirect = (route: object): boolean =>
  'redirect' in route && isJsonObject(route.redirect) && 'https_redirect' in route.redirect

/** Redirects to the same URL over HTTPS. */
export const tlsRedirectOf = (port = tlsPortDefault): object => ({
  https_redirect: true,
  ...(port === tlsPortDefault ? {} : { port_redirect: port }),
  response_code: 'PERMANENT_REDIRECT',
})
