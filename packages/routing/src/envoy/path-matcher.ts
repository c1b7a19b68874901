import type { PathRule } from '../ingresses/path-rule.ts'

/** Which paths a rule is for; a prefix goes by whole elements. */
export function pathMatcher({ match, path }: PathRule): object {
  if (match === 'Exact') return { path }
  return path === '/' ? { prefix: '/' } : { path_separated_prefix: path }
}

/**
 * What stands in place of the path that matched: the whole of an exact one, of a prefix the prefix
 * alone. The query stays.
 */
export function rewriteOf({ match, path, options }: PathRule): object {
  const target = options?.rewritePath
  if (target === undefined) return {}
  // A slash where both ends meet is one slash: `/app` to `/` makes of `/app/x` the path `/x`.
  const isOpen = target.endsWith('/') || path === '/'
  const regex =
    match === 'Exact' ? '^.*$' : path === '/' ? '^/' : `^${literal(path)}${isOpen ? '/?' : ''}`
  const substitution = isOpen && !target.endsWith('/') ? `${target}/` : target
  return { regex_rewrite: { pattern: { regex }, substitution } }
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
