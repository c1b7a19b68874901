import { subdomainProblem } from '../../name-syntax.ts'
import type { OptionReader } from './option-values.ts'

/** The target of a redirect; without a path, the requested path is kept. */
export type RedirectTarget = {
  scheme: 'http' | 'https'
  host: string
  port?: number | undefined
  /** With the query, where it has one. */
  path?: string | undefined
}

const form = /^(https?):\/\/([^/:?#]+)(?::(\d{1,5}))?(\/[\x21-\x7e]*)?$/
const problem = 'must be a URL such as "https://new.example.com" or "https://example.com/page"'

/** A URL with `http` or `https`, without user and fragment. */
export const redirectTarget: OptionReader<RedirectTarget> = (text) => {
  const [, scheme, host = '', portText, path] = form.exec(text) ?? []
  const port = portText === undefined ? undefined : Number(portText)
  const isPort = port === undefined || (port > 0 && port <= 65_535)
  if (subdomainProblem(host.toLowerCase()) || !isPort || path?.includes('#')) return { problem }
  return {
    value: {
      scheme: scheme === 'http' ? 'http' : 'https',
      host: host.toLowerCase(),
      port,
      path: path === '/' ? undefined : path,
    },
  }
}
