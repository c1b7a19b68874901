import { isJsonObject, type Pod, type Secret } from '@reckon/kubernetes'
import type { RegistryCredentials } from '../runtime/runtime.ts'
import { parseImage } from './image-reference.ts'

/** Docker Hub's host names. */
const hub = ['docker.io', 'index.docker.io', 'registry-1.docker.io']

/** The credentials in the pod's pull Secrets for an image's registry, in order; malformed ones are skipped. */
export function pullCredentials(
  pod: Pod,
  image: string,
  secretOf: (namespace: string, name: string) => Secret | undefined,
): readonly RegistryCredentials[] {
  const { host } = parseImage(image)
  const registries = host === undefined || hub.includes(host) ? hub : [host]
  return (pod.spec.imagePullSecrets ?? []).flatMap(({ name = '' }) => {
    const secret = secretOf(pod.metadata.namespace ?? '', name)
    return Object.entries(secret ? authsOf(secret) : {}).flatMap(([registry, auth]) =>
      registries.includes(hostOf(registry)) ? credentialsIn(registry, auth) : [],
    )
  })
}

/** `kubernetes.io/dockerconfigjson` holds a whole `config.json`, the older `dockercfg` only its `auths`. */
function authsOf({ data = {} }: Secret): Record<string, unknown> {
  const whole = jsonIn(data['.dockerconfigjson'])
  if (isJsonObject(whole) && isJsonObject(whole.auths)) return whole.auths
  const auths = jsonIn(data['.dockercfg'])
  return isJsonObject(auths) ? auths : {}
}

function jsonIn(base64: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(base64 ?? '', 'base64').toString() || 'null')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** `https://index.docker.io/v1/` is the host `index.docker.io`. */
const hostOf = (registry: string): string =>
  registry.replace(/^https?:\/\//, '').split('/')[0] ?? ''

function credentialsIn(registry: string, auth: unknown): readonly RegistryCredentials[] {
  if (!isJsonObject(auth)) return []
  const { username, password } = auth
  if (typeof username === 'string' && typeof password === 'string') {
    return [{ username, password, registry }]
  }
  const text = typeof auth.auth === 'string' ? Buffer.from(auth.auth, 'base64').toString() : ''
  const colon = text.indexOf(':')
  if (colon < 0) return []
  return [{ username: text.slice(0, colon), password: text.slice(colon + 1), registry }]
}
