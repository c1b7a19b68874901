/** An object as the user names it: `deployment/web`, with a namespace unless the kind is known to have none. */
type ObjectName = { kind: string; name: string }

/** Parses `deployment/web`, as kubectl does; the API resolves the kind. */
function objectNameFrom(text: string): ObjectName {
  const [, kind, name] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  if (kind && name) return { kind, name }
  throw new Error(`"${text}" names no object; name one as in deployment/web`)
}

/** The path of an object's history; for cluster-scoped kinds the API ignores the namespace. */
export function historyPathOf(text: string, namespace: string): string {
  const { kind, name } = objectNameFrom(text)
  const parts = ['namespaces', namespace, kind, name].map(encodeURIComponent)
  return `/apis/history.reckon.dev/v1/${parts.join('/')}`
}
