import type { ExtensionPoint, Plugin } from '../framework.ts'

/** The plugin, limited to these extension points. */
export function narrowed(plugin: Plugin, points: readonly ExtensionPoint[]): Plugin {
  if (points.length === plugin.points.length) return plugin
  switch (plugin.judges) {
    case 'node': {
      const prepare: typeof plugin.prepare = (...of) => without(plugin.prepare(...of), points)
      return { ...plugin, points, prepare }
    }
    case 'load': {
      const prepare: typeof plugin.prepare = (...of) => without(plugin.prepare(...of), points)
      return { ...plugin, points, prepare }
    }
    case 'topology': {
      const prepare: typeof plugin.prepare = (...of) => without(plugin.prepare(...of), points)
      return { ...plugin, points, prepare }
    }
    case 'unplaced':
      return plugin
  }
}

type Rule = { filter?: unknown; score?: unknown }

/** The rule, limited to these extension points. */
function without<R extends Rule>(
  rule: R | undefined,
  points: readonly ExtensionPoint[],
): R | undefined {
  if (rule === undefined) return undefined
  const left = { ...rule }
  if (!points.includes('filter')) delete left.filter
  if (!points.includes('score')) delete left.score
  return left
}
