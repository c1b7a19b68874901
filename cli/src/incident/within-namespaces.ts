/** What determines an event's namespace: its own stream; for a note its object, for a reservation its holder. */
export type Located = {
  stream: string
  data?: { involvedObject?: { namespace?: string }; stream?: string }
}

/** `pods-shop/web` has a namespace; a stream that is not an object's, such as `podcidrs-10.244.1.0/24`, has none. */
const objectStream = /^([^-]+)-([a-z0-9-]*)\/(.*)$/

/**
 * Whether an event belongs to one of these namespaces, or to none: nodes, kinds and roles are exported, but neither the
 * content of other namespaces nor their existence.
 */
export function isWithin(namespaces: ReadonlySet<string>, { stream, data }: Located): boolean {
  const about = [namespaceIn(stream), namespaceIn(data?.stream ?? '')]
  return [...about, data?.involvedObject?.namespace].every((each) => !each || namespaces.has(each))
}

function namespaceIn(stream: string): string | undefined {
  const [, plural, namespace, name] = objectStream.exec(stream) ?? []
  return plural === 'namespaces' ? name : namespace
}
