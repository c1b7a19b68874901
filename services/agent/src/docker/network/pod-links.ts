import { execFile } from 'node:child_process'
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { firstAddress, messageOf } from '@reckon/kubernetes'
import { isThere } from '../../machine/disk/is-there.ts'
import { openedPath } from '../../machine/disk/open-inside.ts'
import { StandingShell, toolsPath } from '../../machine/standing-shell.ts'
import { RuntimeRefusal, type SandboxSpec } from '../../runtime/runtime.ts'
import { bridgeName, type OwnLink } from '../containers/container-options.ts'

const run = promisify(execFile)

const env = { PATH: toolsPath }

/** What the kernel tells of links here is of this process' own network, as what lies below /sys need not be. */
const linksFolder = '/proc/sys/net/ipv4/conf'

/** The pods' network: its gateway, how many bits of an address are its own, and what of the kernel each pod has. */
type PodNetwork = { gateway: string; prefix: string; sysctls: OwnLink['sysctls'] }

/** A link that is to be made. */
type Link = OwnLink & { ip: string } & PodNetwork

/** As an engine has it in a network of IPv4 alone. */
const withoutIPv6 = { 'net.ipv6.conf.all.disable_ipv6': '1' }

/**
 * Joins pods with their bridge, each by a link of its own. An engine would do so, too, but those before Engine 28 run
 * themselves once more within each container for that: longer than all else of a start takes
 * (docs/decisions/006-pod-links.md).
 */
export class PodLinks {
  readonly #shell = new StandingShell()
  #network: PodNetwork | undefined

  /**
   * The link of a pod, to be made; undefined where an engine has to make it: where the bridge is in another network
   * than this process or may not be changed from here, and for what else a pod may ask of its network, as ports of the
   * machine.
   */
  linkFor({ ip, ports, sysctls }: SandboxSpec): Link | undefined {
    const asksMore = ports.length > 0 || Object.keys(sysctls).length > 0
    if (ip === undefined || asksMore || this.#network === undefined) return undefined
    return { name: linkName(ip), ip, ...this.#network }
  }

  /**
   * Once the pods' bridge is there, or anew: then those go on that were joined with the one before. Without a range the
   * engine makes links.
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

  /** Makes the link of a sandbox, of which `pid` is a process. */
  async join(link: Link, id: string, pid: number): Promise<void> {
    await using space = await networkOf(id, pid)
    try {
      await this.#shell.run(joining(openedPath(space), commandsOf(link, id)))
    } catch (error) {
      const why = `the pod cannot be joined with the network of the pods: ${messageOf(error)}`
      throw new RuntimeRefusal(why, { cause: error })
    }
  }

  /** Takes away what is left of a pod that has ended: the kernel does so itself, but a moment later. */
  async remove(name: string): Promise<void> {
    await run('ip', ['link', 'delete', name], { env }).catch(() => undefined)
  }
}

/** Whether a link is complete. */
export const isLinked = (name: string): Promise<boolean> => isThere(`${linksFolder}/${name}`)

/** Of the machine's end: the kernel has each name once, and so each address. */
const linkName = (ip: string): string => `veth${octetsOf(ip).join('')}`

const octetsOf = (ip: string): string[] =>
  ip.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'))

/** What is to be done within the pod's network, and then on the machine. */
type Commands = { inside: readonly string[]; outside: readonly string[] }

const joining = (network: string, { inside, outside }: Commands): string =>
  [
    `nsenter --net=${network} ip -batch - <<END && ip -batch - <<END`,
    ...[...inside, 'END', ...outside, 'END'],
  ].join('\n')

/**
 * What `ip` is told to make a link. Its hardware address follows from its own, as Docker has it, so that whoever knew
 * that of an earlier pod of the same address finds the later one. The machine's end gets its name last: a link of that
 * name is complete, though whoever made it was killed meanwhile. Where there is IPv6 that end has no address of its
 * own: with each one that comes or goes, browsers on the machine break off what they load (ERR_NETWORK_CHANGED). Pure.
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

/** Asked as what will be done: it takes the rights, the programs, and the bridge. */
async function mayJoin(): Promise<boolean> {
  const ask = ['--net=/proc/self/ns/net', 'ip', 'link', 'show', 'dev', bridgeName]
  return run('nsenter', ask, { env }).then(
    () => true,
    () => false,
  )
}

/** The network that a process is in, held open: its number may be another process' a moment later. */
async function networkOf(id: string, pid: number): Promise<FileHandle> {
  const gone = new RuntimeRefusal('the sandbox has ended')
  const space = await open(`/proc/${pid}/ns/net`).catch(() => Promise.reject(gone))
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  if (groups.includes(id)) return space
  await space.close()
  throw gone
}
