import { networkInterfaces } from 'node:os'
import { cidrProblem, memoryBytes, messageOf, subdomainProblem } from '@reckon/kubernetes'
import { type Replicas, type ReplicatedService, replicatedServices } from '@reckon/supervisor'
import { InvalidArgumentError } from 'commander'

/** A TCP port, as commander's parser of an option. */
export function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new InvalidArgumentError('a port is a whole number from 1 to 65535.')
}

/** A range of pods' addresses holds no more, with room to grow. */
const countMax = 5_000

/** A count from 1 on, as commander's parser of an option. */
export function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= countMax) return count
  throw new InvalidArgumentError(`a whole number from 1 to ${countMax}.`)
}

/** A whole number of seconds, as commander's parser of an option. */
export function secondsOf(text: string): number {
  const seconds = Number(text)
  if (text !== '' && Number.isSafeInteger(seconds) && seconds >= 0) return seconds
  throw new InvalidArgumentError('a whole number of seconds.')
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `24h`, `1h30m`, `0`: in milliseconds, as commander's parser of an option. */
export function durationOf(text: string): number {
  if (text === '0') return 0
  if (!/^(\d+[hms])+$/.test(text)) {
    throw new InvalidArgumentError('a duration is like 24h, 1h30m, or 0.')
  }
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  )
}

/** A range of IPv4 addresses, as commander's parser of an option. */
export function cidrOf(text: string): string {
  const problem = cidrProblem(text)
  if (problem === '') return text
  throw new InvalidArgumentError(`${problem}.`)
}

/** An IPv4 address that this machine has, as commander's parser of an option. */
export function ownAddressOf(text: string): string {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const addresses = own.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
  if (addresses.includes(text)) return text
  throw new InvalidArgumentError(`this machine has the addresses ${addresses.join(', ')}.`)
}

/** A DNS name, as commander's parser of an option. */
export function domainOf(text: string): string {
  const problem = subdomainProblem(text)
  if (problem === '') return text
  throw new InvalidArgumentError(problem)
}

/** An amount of memory, as commander's parser of an option. */
export function amountOf(text: string): string {
  try {
    if (memoryBytes(text) > 0) return text
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}.`)
  }
  throw new InvalidArgumentError('an amount such as 4Gi.')
}

/** How much of memory and disk must be left, as commander's parser of an option. */
export function evictionOf(text: string): string {
  for (const part of text.split(',')) {
    const [, amount, share] =
      /^(?:memory|nodefs)\.available<(?:(\d+[A-Za-z]*)|(\d+(?:\.\d+)?)%)$/.exec(part) ?? []
    if (amount !== undefined) amountOf(amount)
    if (amount !== undefined || share !== undefined) continue
    throw new InvalidArgumentError('it is such as memory.available<100Mi,nodefs.available<10%.')
  }
  return text
}

const replicasMax = 9

/** `api=2,scheduler=2`, as commander's parser of an option. */
export function replicasOf(text: string): Replicas {
  const counts = text.split(',').map((part): [ReplicatedService, number] => {
    const [name, count] = part.split('=')
    const service = replicatedServices.find((known) => known === name)
    const number = Number(count)
    const isCount = Number.isInteger(number) && number > 0 && number <= replicasMax
    if (service !== undefined && isCount) return [service, number]
    throw new InvalidArgumentError(
      `it is api=2,scheduler=2: any of ${replicatedServices.join(', ')}, each from 1 to ${replicasMax}.`,
    )
  })
  return Object.fromEntries(counts)
}
