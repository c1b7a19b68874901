import type { PathRule } from '../ingresses/path-rule.ts'

/** Envoy's matcher for a rule's path; a prefix matches whole elements. */
export function pathMatcher({ match, path }: PathRule): object {
  if (match === 'Exact') return { path }
  return path === '/' ? { prefix: '/' } : { path_separated_prefix: path }
}

/** Rewrites the matched path: all of an exact path, or only the prefix. The query is kept. */
export function rewriteOf({ match, path, options }: PathRule): object {
  const target = options?.rewritePath
  if (target === undefined) return {}
  // Adjacent slashes are merged: rewriting `/app` to `/` turns `/app/x` into `/x`.
  const isOpen = target.endsWith('/') || path === '/'
  const regex =
    match === 'Exact' ? '^.*$' : path === '/' ? '^/' : `^${literal(path)}${isOpen ? '/?' : ''}`
  const substitution = isOpen && !target.endsWith('/') ? `${target}/` : target
  return { regex_rewrite: { pattern: { regex }, substitution } }
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
