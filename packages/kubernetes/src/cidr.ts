import { isIpv4 } from './name-syntax.ts'

/** `10.244.0.0/16` as the number of its first address and how many it has. Throws for what is no IPv4 range. */
export function parseCidr(cidr: string): { first: number; size: number } {
  const problem = cidrProblem(cidr)
  if (problem !== '') throw new Error(`${cidr}: ${problem}`)
  const [address = '', bits = ''] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const number = addressNumber(address)
  return { first: number - (number % size), size }
}

/** What is wrong with a range of IPv4 addresses; empty where nothing is. */
export function cidrProblem(cidr: string): string {
  const [address = '', bits = '', ...rest] = cidr.split('/')
  const isCidr = isIpv4(address) && /^(\d|[12]\d|3[012])$/.test(bits) && rest.length === 0
  return isCidr ? '' : 'must be a valid IPv4 CIDR, (e.g. 10.9.8.0/24)'
}

/** Whether an IPv4 address lies in a range. */
export function isInCidr(address: string, cidr: string): boolean {
  const { first, size } = parseCidr(cidr)
  const number = addressNumber(address)
  return number >= first && number < first + size
}

/** An IPv4 address as a number, so that addresses can be counted. */
export const addressNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** The IPv4 address of a number. */
export const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')

/** The first address behind the range's own: the gateway of pods, the Service `kubernetes`. */
export const firstAddress = (cidr: string): string => addressText(parseCidr(cidr).first + 1)
