import { execFile } from 'node:child_process'
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { firstAddress, messageOf } from '@reckon/kubernetes'
import { PersistentShell, toolsPath } from '@reckon/process/persistent-shell'
import { isThere } from '../../machine/disk/is-there.ts'
import { openedPath } from '../../machine/disk/open-inside.ts'
import { RuntimeRefusal, type SandboxSpec } from '../../runtime/runtime.ts'
import { bridgeName, type OwnLink } from '../containers/container-options.ts'

const run = promisify(execFile)

const env = { PATH: toolsPath }

/** Lists the links in this process' own network namespace; /sys may show another one's. */
const linksFolder = '/proc/sys/net/ipv4/conf'

/** The pods' network: its gateway, prefix length, and the sysctls of each pod. */
type PodNetwork = { gateway: string; prefix: string; sysctls: OwnLink['sysctls'] }

type Link = OwnLink & { ip: string } & PodNetwork

/** As engines set it in a network with IPv4 only. */
const withoutIPv6 = { 'net.ipv6.conf.all.disable_ipv6': '1' }

/**
 * Connects pods to their bridge, each by a link of its own. An engine could do so as well, but before Engine 28 it
 * executes itself once more in each container for that, which takes longer than the rest of a start
 * (docs/decisions/006-pod-links.md).
 */
export class PodLinks {
  readonly #shell = new PersistentShell()
  #network: PodNetwork | undefined

  /**
   * The link to make for a pod; undefined where the engine must make it: where the bridge is in another network
   * namespace or may not be changed from here, and for pods with needs such as host ports.
   */
  linkFor({ ip, ports, sysctls }: SandboxSpec): Link | undefined {
    const asksMore = ports.length > 0 || Object.keys(sysctls).length > 0
    if (ip === undefined || asksMore || this.#network === undefined) return undefined
    return { name: linkName(ip), ip, ...this.#network }
  }

  /**
   * To be called when the pods' bridge is there, or there again: links to an earlier bridge are restored. Without a
   * range the engine makes all links.
   */
  async prepare(clusterCidr: string | undefined): Promise<void> {
    this.#network = undefined
    if (clusterCidr === undefined || !(await mayJoin())) return
    const [, prefix = ''] = clusterCidr.split('/')
    const sysctls = (await isThere('/proc/sys/net/ipv6')) ? withoutIPv6 : {}
    this.#network = { gateway: firstAddress(clusterCidr), prefix, sysctls }
    const links = (await readdir(linksFolder)).filter((name) => /^veth[0-9a-f]{8}$/.test(name))
    const again = links.map((link) =>
      run('ip', ['link', 'set', link, 'master', bridgeName], { env }),
    )
    // A pod may have ended meanwhile, and its link with it.
    await Promise.allSettled(again)
  }

  /** Makes the link of a sandbox; `pid` is one of its processes. */
  async join(link: Link, id: string, pid: number): Promise<void> {
    await using space = await networkOf(id, pid)
    try {
      await this.#shell.run(joining(openedPath(space), commandsOf(link, id)))
    } catch (error) {
      const why = `the pod cannot be joined with the network of the pods: ${messageOf(error)}`
      throw new RuntimeRefusal(why, { cause: error })
    }
  }

  /** Removes the link of a pod that has ended: the kernel would do so itself, but a moment later. */
  async remove(name: string): Promise<void> {
    await run('ip', ['link', 'delete', name], { env }).catch(() => undefined)
  }
}

/** Whether a link is complete. */
export const isLinked = (name: string): Promise<boolean> => isThere(`${linksFolder}/${name}`)

/** The name of the machine's end of a link, unique because it contains the address. */
const linkName = (ip: string): string => `veth${octetsOf(ip).join('')}`

const octetsOf = (ip: string): string[] =>
  ip.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'))

/** The `ip` commands within the pod's network, then on the machine. */
type Commands = { inside: readonly string[]; outside: readonly string[] }

const joining = (network: string, { inside, outside }: Commands): string =>
  [
    `nsenter --net=${network} ip -batch - <<END && ip -batch - <<END`,
    ...[...inside, 'END', ...outside, 'END'],
  ].join('\n')

/**
 * The `ip` commands that make a link. Its hardware address follows from its IP address, as Docker's does, so that ARP
 * caches remain right when an address is reused. The machine's end gets its name last: a link with that name is
 * complete, even if its creator was killed. Where there is IPv6, the machine's end gets no address of its own, because
 * browsers on the machine abort what they load whenever one comes or goes (ERR_NETWORK_CHANGED). Pure.
 */
export function commandsOf({ name, ip, gateway, prefix, sysctls }: Link, id: string): Commands {
  const draft = `vethn${id.slice(0, 10)}`
  const address = ['02', '42', ...octetsOf(ip)].join(':')
  const hasIPv6 = Object.keys(sysctls).length > 0
  return {
    inside: [
      `link add eth0 txqueuelen 0 address ${address} type veth peer name ${draft} txqueuelen 0 netns ${process.pid}`,
      `address add ${ip}/${prefix} broadcast + dev eth0`,
      'link set eth0 up',
      `route add default via ${gateway}`,
    ],
    outside: [
      ...(hasIPv6 ? [`link set ${draft} addrgenmode none`] : []),
      `link set ${draft} master ${bridgeName}`,
      `link set ${draft} name ${name} up`,
    ],
  }
}

/** Tried in the way that links will be made: it takes the rights, the programs, and the bridge. */
async function mayJoin(): Promise<boolean> {
  const ask = ['--net=/proc/self/ns/net', 'ip', 'link', 'show', 'dev', bridgeName]
  return run('nsenter', ask, { env }).then(
    () => true,
    () => false,
  )
}

/** Opens the network namespace of a process; its pid may be reused a moment later. */
async function networkOf(id: string, pid: number): Promise<FileHandle> {
  const gone = new RuntimeRefusal('the sandbox has ended')
  const space = await open(`/proc/${pid}/ns/net`).catch(() => Promise.reject(gone))
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  if (groups.includes(id)) return space
  await space.close()
  throw gone
}
