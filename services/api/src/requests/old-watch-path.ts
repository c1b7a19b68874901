const watched =
  /^\/(api\/[^/?]+|apis\/[^/?]+\/[^/?]+)\/watch(\/(?:namespaces\/[^/?]+\/)?[^/?]+)(?:\/([^/?]+))?\/?(?:\?(.*))?$/

/**
 * Translates a path below `…/watch/`, the form before there was `watch=true`, to today's form; any other URL stays as
 * it is. Pure.
 */
export function withoutWatchPath(url: string): string {
  const [, root, plural, name, query] = watched.exec(url) ?? []
  if (root === undefined || plural === undefined) return url
  const one = name === undefined ? [] : [`fieldSelector=metadata.name%3D${name}`]
  // Of a repeated parameter the first one counts.
  return `/${root}${plural}?${['watch=true', ...one, ...(query ? [query] : [])].join('&')}`
}

/** The collection or object that an old watch path names; any other path stays as it is. Pure. */
export const pathOfWatched = (path: string): string => withoutWatchPath(path).split('?')[0] ?? ''
