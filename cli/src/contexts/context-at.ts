import type { Current, File } from './kubeconfig.ts'

/** The answer of `…/position` about a moment. */
export type PositionAnswer = { position: string; time: string; prefix: string }

/** The name of such a context: `reckon@10m`. */
export const nameAt = ({ name }: Current, moment: string): string =>
  `${name.replace(/@.*$/, '') || 'cluster'}@${moment}`

/** A kubeconfig with only the current context, as of a moment. Pure. */
export function contextAt(current: Current, moment: string, { prefix }: PositionAnswer): File {
  const { context, cluster, user } = current
  const name = nameAt(current, moment)
  const server = `${cluster.server.replace(/(\/at\/[^/]+)?\/?$/, '')}${prefix}`
  const { namespace } = context
  return {
    'current-context': name,
    clusters: [{ name, cluster: { ...cluster, server } }],
    users: [{ name: context.user ?? name, user }],
    contexts: [
      {
        name,
        context: { cluster: name, user: context.user ?? name, ...(namespace && { namespace }) },
      },
    ],
  }
}
