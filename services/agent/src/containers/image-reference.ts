/** Docker Hub's names of itself in references. */
const hubHosts = ['docker.io', 'index.docker.io']

/** An image reference taken apart; the tag is `latest` where neither a tag nor a digest is given. */
export type ImageReference = {
  host: string | undefined
  path: string
  tag?: string
  digest?: string
}

/** Reads `redis:4`, `kubeguide/redis-master`, `registry.example:5000/a/b@sha256:…`. */
export function parseImage(image: string): ImageReference {
  const [named = '', digest] = image.split('@')
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const name = hasTag ? named.slice(0, colon) : named
  const tag = hasTag ? named.slice(colon + 1) : digest === undefined ? 'latest' : undefined
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost'
  return {
    host: isHost ? first : undefined,
    path: isHost ? name.slice(slash + 1) : name,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const domain = '(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\\.[A-Za-z0-9-]+)*(?::[0-9]+)?'
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
/** As the reference grammar of the distribution project. */
const reference = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::${tag})?(?:@${digest})?$`,
)

/** Why no image can have this name; undefined where one may. */
export function imageProblem(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/')
  const { host } = parseImage(image)
  // A first part with capitals is no host: distribution takes it for one, and finds nothing there.
  const isNamed = host !== undefined || rest.length === 0 || first === first.toLowerCase()
  if (isNamed && reference.test(image)) return undefined
  const isOnlyCase = reference.test(image.toLowerCase())
  const why = isOnlyCase ? ': repository name must be lowercase' : ''
  return `couldn't parse image name "${image}": invalid reference format${why}`
}

/** Where a mirror of Docker Hub has the image; undefined for an image of another registry. */
export function mirrored(image: string, mirror: string): string | undefined {
  const { host, path, tag, digest } = parseImage(image)
  if (host !== undefined && !hubHosts.includes(host)) return undefined
  const full = path.includes('/') ? path : `library/${path}`
  return `${mirror}/${full}${digest === undefined ? `:${tag}` : `@${digest}`}`
}

/** When an image is pulled, if its container does not say. */
export const pullPolicyOf = (container: { image?: string; imagePullPolicy?: string }): string =>
  container.imagePullPolicy ??
  (parseImage(container.image ?? '').tag === 'latest' ? 'Always' : 'IfNotPresent')
