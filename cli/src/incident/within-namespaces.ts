/**
 * What of a told event says where what it is about is: its own stream; of a note the object, of a reservation whose it
 * is.
 */
export type Located = {
  stream: string
  data?: { involvedObject?: { namespace?: string }; stream?: string }
}

/** `pods-shop/web`; of what is no object's, as `podcidrs-10.244.1.0/24`, that is no namespace's name. */
const objectStream = /^([^-]+)-([a-z0-9-]*)\/(.*)$/

/**
 * Whether an event is about one of these namespaces, or about none: what nodes, kinds and roles there are is told, but
 * neither what is in other namespaces nor that these are there.
 */
export function isWithin(namespaces: ReadonlySet<string>, { stream, data }: Located): boolean {
  const about = [namespaceIn(stream), namespaceIn(data?.stream ?? '')]
  return [...about, data?.involvedObject?.namespace].every((each) => !each || namespaces.has(each))
}

function namespaceIn(stream: string): string | undefined {
  const [, plural, namespace, name] = objectStream.exec(stream) ?? []
  return plural === 'namespaces' ? name : namespace
}
