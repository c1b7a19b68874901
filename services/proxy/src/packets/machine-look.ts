import { isBug } from '@reckon/process'
import { PersistentShell } from '@reckon/process/persistent-shell'
import { packetTable } from '@reckon/routing'
import { dockerChain } from './docker-forwarding.ts'
import { tunnelLink } from './settle-pod-network.ts'

/**
 * Reads in one go whatever the setting up of the host's network looks at, as a text to be compared with an earlier one.
 * Asking for each part by a program of its own takes seventeen, each of which blocks this process while it is started;
 * a shell, which is small, starts these.
 */
export class MachineLook {
  readonly #shell = new PersistentShell()
  readonly #script: string

  constructor(podBridge: string) {
    this.#script = scriptFor(podBridge)
  }

  /** Undefined where it cannot be told. */
  async text(): Promise<string | undefined> {
    try {
      const said = await this.#shell.run(this.#script)
      return said.replaceAll(/\w+_(timer|lft) +\S+/g, '')
    } catch (error) {
      if (isBug(error)) throw error
      return undefined
    }
  }
}

/** What of it fails is part of what the kernel says. A setting is read without its line's end, which is no failure. */
const scriptFor = (podBridge: string): string => `
ip -d -o link show
ip -4 -o address show
ip route show
iptables -w 5 -S ${dockerChain}
nft --check 'flush table ${packetTable}'
for file in ${kernelSettings(podBridge).join(' ')}; do
  value=
  read -r value < $file
  echo $file $value
done
if [ -d /proc/sys/net/ipv4/conf/${tunnelLink} ]; then
  ip neighbour show dev ${tunnelLink}
  bridge fdb show dev ${tunnelLink}
fi
true`

const kernelSettings = (podBridge: string): readonly string[] => [
  `/proc/sys/net/ipv4/conf/${podBridge}/route_localnet`,
  `/proc/sys/net/ipv4/conf/${podBridge}/proxy_arp`,
  `/proc/sys/net/ipv4/neigh/${podBridge}/proxy_delay`,
  '/proc/sys/net/bridge/bridge-nf-call-iptables',
]
