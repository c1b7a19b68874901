import { serviceMark } from '@reckon/routing'
import { runCommand, succeeds } from './run-command.ts'

const chain = 'DOCKER-USER'
const comment = ['-m', 'comment', '--comment', 'reckon']

type Ranges = { serviceCidr: string; clusterCidr: string }

/**
 * What Docker must let through: connections to service addresses and to node ports, between pods of different machines, and
 * no published port of anyone else.
 */
const rules = ({ serviceCidr, clusterCidr }: Ranges): string[][] => [
  ['-m', 'conntrack', '--ctorigdst', serviceCidr, ...comment, '-j', 'ACCEPT'],
  ['-m', 'connmark', '--mark', `${serviceMark}/${serviceMark}`, ...comment, '-j', 'ACCEPT'],
  ['-s', clusterCidr, '-d', clusterCidr, ...comment, '-j', 'ACCEPT'],
]

/**
 * Where Docker guards forwarding its policy is DROP, and an accept in another table does not help:
 * the rules go into the chain that Docker leaves to others. By `iptables`, as Docker does, so that
 * they land in whichever kind of tables it uses.
 */
export async function allowForwarding(ranges: Ranges): Promise<void> {
  if (!(await hasDockerChain())) return
  for (const rule of rules(ranges)) {
    if (await iptablesSucceeds('-C', chain, ...rule)) continue
    await runCommand('iptables', '-w', '5', '-I', chain, ...rule)
  }
}

/** Takes the rules out again. */
export async function disallowForwarding(ranges: Ranges): Promise<void> {
  if (!(await hasDockerChain())) return
  for (const rule of rules(ranges)) {
    while (await iptablesSucceeds('-C', chain, ...rule)) {
      await runCommand('iptables', '-w', '5', '-D', chain, ...rule)
    }
  }
}

/** Also false where no iptables is installed: then no engine here uses it. */
const hasDockerChain = (): Promise<boolean> => iptablesSucceeds('-n', '-L', chain)

const iptablesSucceeds = (...args: string[]): Promise<boolean> =>
  succeeds('iptables', '-w', '5', ...args)
