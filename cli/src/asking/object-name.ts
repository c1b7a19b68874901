/** The object that somebody names: `deployment/web`, with its namespace unless it is known to have none. */
type ObjectName = { kind: string; name: string }

/** `deployment/web`, as kubectl takes it; which kind is meant, the API knows. */
function objectNameFrom(text: string): ObjectName {
  const [, kind, name] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  if (kind && name) return { kind, name }
  throw new Error(`"${text}" names no object; name one as in deployment/web`)
}

/** Where the history of an object is told; of those without a namespace the API knows that it is not meant. */
export function historyPathOf(text: string, namespace: string): string {
  const { kind, name } = objectNameFrom(text)
  const parts = ['namespaces', namespace, kind, name].map(encodeURIComponent)
  return `/apis/history.reckon.dev/v1/${parts.join('/')}`
}
