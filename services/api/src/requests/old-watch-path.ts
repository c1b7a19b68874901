const watched =
  /^\/(api\/[^/?]+|apis\/[^/?]+\/[^/?]+)\/watch(\/(?:namespaces\/[^/?]+\/)?[^/?]+)(?:\/([^/?]+))?\/?(?:\?(.*))?$/

/**
 * Where a watch is asked for today that is asked for below `…/watch/`, as clients did before there was `watch=true`,
 * and may still; any other URL stays as it is. Pure.
 */
export function withoutWatchPath(url: string): string {
  const [, root, plural, name, query] = watched.exec(url) ?? []
  if (root === undefined || plural === undefined) return url
  const one = name === undefined ? [] : [`fieldSelector=metadata.name%3D${name}`]
  // What is said twice counts as it was said first.
  return `/${root}${plural}?${['watch=true', ...one, ...(query ? [query] : [])].join('&')}`
}

/** The path of what is watched at an old path; any other path stays as it is. Pure. */
export const pathOfWatched = (path: string): string => withoutWatchPath(path).split('?')[0] ?? ''
