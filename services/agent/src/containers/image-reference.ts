/** Docker Hub's host names in references. */
const hubHosts = ['docker.io', 'index.docker.io']

/** A parsed image reference; the tag is `latest` where neither tag nor digest is given. */
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
/** The reference grammar of the distribution project. */
const reference = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::${tag})?(?:@${digest})?$`,
)

/** Why a name is invalid for an image; undefined where it is valid. */
export function imageProblem(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/')
  const { host } = parseImage(image)
  // A first part with capitals is taken for a host by distribution, which then finds nothing.
  const isNamed = host !== undefined || rest.length === 0 || first === first.toLowerCase()
  if (isNamed && reference.test(image)) return undefined
  const isOnlyCase = reference.test(image.toLowerCase())
  const why = isOnlyCase ? ': repository name must be lowercase' : ''
  return `couldn't parse image name "${image}": invalid reference format${why}`
}

/** The reference of an image in a mirror of Docker Hub; undefined for images of other registries. */
export function mirrored(image: string, mirror: string): string | undefined {
  const { host, path, tag, digest } = parseImage(image)
  if (host !== undefined && !hubHosts.includes(host)) return undefined
  const full = path.includes('/') ? path : `library/${path}`
  return `${mirror}/${full}${digest === undefined ? `:${tag}` : `@${digest}`}`
}

/** The pull policy of a container, by default that of its tag. */
export const pullPolicyOf = (container: { image?: string; imagePullPolicy?: string }): string =>
  container.imagePullPolicy ??
  (parseImage(container.image ?? '').tag === 'latest' ? 'Always' : 'IfNotPresent')
