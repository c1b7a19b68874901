/** Where somebody is on the page: all of its state, so that a link shows the same to whoever follows it. */
export type Place = {
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
}

/** What stays when somebody goes on to another page: the moment, what it is compared with, and the namespace. */
const lasting = ['at', 'vs', 'ns', 'window'] as const

/** A moment becomes a part of paths: nothing that leads out of them is one. */
const moment = /^\w[\w:.@+-]*$/
const isOfMoment = (name: string): boolean => name === 'at' || name === 'vs'

/** The place of a fragment, `#/pods/default/web?at=48213`; also of one of the former Kubernetes dashboard. */
export function placeOf(fragment: string): Place {
  const [path = '', search = ''] = fragment.replace(/^#!?\/?/, '').split('?')
  const { namespace, ...told } = Object.fromEntries(new URLSearchParams(search))
  const query = Object.fromEntries(
    Object.entries(told).filter(([name, value]) => !isOfMoment(name) || moment.test(value)),
  )
  const parts = path.split('/').filter((part) => part !== '')
  return {
    path: parts[0] === 'overview' ? [] : parts.map(decoded),
    query: { ...query, ...(namespace && { ns: namespace }) },
  }
}

/** The fragment of a place; parameters in the order of their names, so that equal places have equal links. */
export function fragmentOf({ path, query }: Place): string {
  const entries = Object.entries(query).filter(([, value]) => value !== '')
  const here = `#/${path.map(encodeURIComponent).join('/')}`
  if (entries.length === 0) return here
  const search = new URLSearchParams(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return `${here}?${String(search).replaceAll('%3A', ':').replaceAll('%40', '@')}`
}

/** The same page with some of its parameters otherwise; an empty one goes. */
export const withQuery = ({ path, query }: Place, changes: Place['query']): Place => ({
  path,
  query: Object.fromEntries(
    Object.entries({ ...query, ...changes }).filter(([, value]) => value !== ''),
  ),
})

/** Another page at the same moment. */
export function placeAt(
  { query }: Place,
  path: readonly string[],
  more: Place['query'] = {},
): Place {
  const kept = lasting.flatMap((name) => (query[name] ? [[name, query[name]]] : []))
  return withQuery({ path, query: Object.fromEntries(kept) }, more)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
