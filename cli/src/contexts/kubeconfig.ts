import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'

/** Advice for users without a working kubeconfig. */
const remedy =
  '"export KUBECONFIG=$(npx reckon kubeconfig --path)" takes the one of this machine\'s cluster'

type Named<K extends string, T> = { name: string } & { [key in K]?: T }
type Cluster = {
  server?: string
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
}
type User = {
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  token?: string
}
type Context = { cluster?: string; user?: string; namespace?: string }
/** The parts of a kubeconfig that are used here. */
export type File = {
  'current-context'?: string
  clusters?: Named<'cluster', Cluster>[]
  users?: Named<'user', User>[]
  contexts?: Named<'context', Context>[]
}

/** The entries of the current context, and the files that were read for them. */
export type Current = {
  name: string
  context: Context
  cluster: Cluster & { server: string }
  user: User
  files: readonly string[]
}

/** How to reach the current context's API, as options of `https.request`. */
export type Access = {
  server: string
  namespace: string
  tls: {
    ca?: Buffer
    cert?: Buffer
    key?: Buffer
    rejectUnauthorized?: boolean
    servername?: string
  }
  headers: { authorization?: string }
}

/** Loads the given kubeconfig, else the files in KUBECONFIG, else ~/.kube/config; throws naming an invalid file. */
export function loadCurrent(file?: string): Current {
  const named = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== '') ?? []
  const files = file ? [file] : named.length > 0 ? named : [join(homedir(), '.kube', 'config')]
  const found = files.filter((path) => existsSync(path))
  if (found.length === 0) throw new Error(`there is no kubeconfig at ${files.join()}; ${remedy}`)
  const read = found.map(readFile)
  const name = read.find((each) => each['current-context'])?.['current-context'] ?? ''
  const context = read.flatMap(contextsOf).find((each) => each.name === name)?.context ?? {}
  const cluster = read.flatMap(clustersOf).find((each) => each.name === context.cluster)?.cluster
  const user = read.flatMap(usersOf).find((each) => each.name === context.user)?.user ?? {}
  if (!cluster?.server) throw new Error(`the current kubeconfig names no cluster; ${remedy}`)
  return { name, context, cluster: { ...cluster, server: cluster.server }, user, files: found }
}

/** Converts to options of `https.request`. */
export async function loadAccess(file?: string): Promise<Access> {
  const { context, cluster, user, files } = loadCurrent(file)
  const access = { server: cluster.server, namespace: context.namespace ?? 'default' }
  const isPlain = Object.keys(user).every((field) => plainFields.includes(field))
  if (!isPlain) return { ...access, ...(await identifiedBy(files)) }
  const tls = {
    ...given('ca', bytes(cluster, 'certificate-authority')),
    ...given('cert', bytes(user, 'client-certificate')),
    ...given('key', bytes(user, 'client-key')),
    ...(cluster['insecure-skip-tls-verify'] && { rejectUnauthorized: false }),
    ...given('servername', cluster['tls-server-name']),
  }
  return { ...access, tls, headers: user.token ? { authorization: `Bearer ${user.token}` } : {} }
}

const plainFields = [
  ...['client-certificate', 'client-certificate-data'],
  ...['client-key', 'client-key-data', 'token'],
]

/**
 * Users that are authenticated by a program or in another special way are left to the library, which takes time to
 * load.
 */
async function identifiedBy([first = '', ...others]: readonly string[]): Promise<
  Pick<Access, 'tls' | 'headers'>
> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromFile(first)
  for (const path of others) {
    const other = new KubeConfig()
    other.loadFromFile(path)
    config.mergeConfig(other, Boolean(config.currentContext))
  }
  const options: Access['tls'] & { headers?: Access['headers'] } = {}
  await config.applyToHTTPSOptions(options)
  const { headers = {}, ...tls } = options
  return { tls, headers }
}

/** Paths are relative to the kubeconfig. */
function readFile(path: string): File {
  try {
    const read = parse(readFileSync(path, 'utf8')) as File
    if (typeof read !== 'object' || read === null) throw new Error('it holds no object')
    const beside = (owner: Cluster | User | undefined) => {
      for (const [field, value] of Object.entries(owner ?? {})) {
        const isPath = /^(certificate-authority|client-certificate|client-key)$/.test(field)
        if (isPath) Object.assign(owner ?? {}, { [field]: resolve(dirname(path), String(value)) })
      }
    }
    for (const { cluster } of clustersOf(read)) beside(cluster)
    for (const { user } of usersOf(read)) beside(user)
    return read
  } catch (error) {
    // After the first line the message quotes the text, which may hold a key.
    const because = error instanceof Error ? error.message.split('\n')[0] : error
    throw new Error(`${path} is no kubeconfig: ${because}`, { cause: error })
  }
}

const clustersOf = ({ clusters }: File) => clusters ?? []
const usersOf = ({ users }: File) => users ?? []
const contextsOf = ({ contexts }: File) => contexts ?? []

const given = <K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } | object =>
  value === undefined ? {} : { [name]: value }

type Field = 'certificate-authority' | 'client-certificate' | 'client-key'

/** Inline data takes precedence over a path. */
function bytes(owner: Cluster & User, field: Field): Buffer | undefined {
  const data = owner[`${field}-data`]
  if (data) return Buffer.from(data, 'base64')
  const path = owner[field]
  return path ? readFileSync(path) : undefined
}
