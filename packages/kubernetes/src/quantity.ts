import { badRequest } from './refusals.ts'

/** The format of a quantity, in which it is also printed. */
type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/** An exact amount in billionths, Kubernetes' finest unit. */
export type Quantity = { nanos: bigint; format: QuantityFormat }

const billion = 1_000_000_000n
const million = 1_000_000n
const decimalExponents: Record<string, number> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binaryExponents: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
const shape = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+|[A-Za-z]*)$/

/** Longer than any amount needs; arithmetic on a million digits would stall the process. */
const lengthMax = 64

/** Upstream keeps amounts with this many digits exactly, and limits others to 2⁶³−1. */
const exactDigitsMax = 18
const nanosMax = (2n ** 63n - 1n) * billion

const digitsOf = (integer: string, fraction: string): number =>
  integer.replace(/^0+/, '').length + fraction.replace(/0+$/, '').length

const wrongShape =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const divideUp = (dividend: bigint, divisor: bigint) =>
  dividend % divisor > 0n ? dividend / divisor + 1n : dividend / divisor

/** Reads `100m`, `1.5Gi`, `1e3`, `2`; less than a billionth is rounded up, away from zero. */
export function parseQuantity(text: string | number): Quantity {
  const match = String(text).length > lengthMax ? null : shape.exec(String(text))
  if (match === null) throw badRequest(wrongShape)
  const [, sign = '', number = '', suffix = ''] = match
  const [integer = '', fraction = ''] = number.split('.')
  const digits = BigInt(integer + fraction)
  const scale = scaleOf(suffix)
  const numerator = digits * scale.factor * billion * 10n ** BigInt(Math.max(scale.exponent, 0))
  const denominator = 10n ** BigInt(fraction.length + Math.max(-scale.exponent, 0))
  const exact = divideUp(numerator, denominator)
  const isShort = scale.format !== 'BinarySI' && digitsOf(integer, fraction) <= exactDigitsMax
  const nanos = isShort || exact < nanosMax ? exact : nanosMax
  return { nanos: sign === '-' ? -nanos : nanos, format: scale.format }
}

type Scale = { factor: bigint; exponent: number; format: QuantityFormat }

function scaleOf(suffix: string): Scale {
  const binary = binaryExponents[suffix]
  if (binary !== undefined) return { factor: 2n ** BigInt(binary), exponent: 0, format: 'BinarySI' }
  const decimal = decimalExponents[suffix]
  if (decimal !== undefined) return { factor: 1n, exponent: decimal, format: 'DecimalSI' }
  const exponent = Number(suffix.slice(1))
  // Beyond these no amount is real, and the power would cost unbounded memory.
  if (!/^[eE][+-]?\d+$/.test(suffix) || Math.abs(exponent) > 30) {
    throw badRequest("unable to parse quantity's suffix")
  }
  return { factor: 1n, exponent, format: 'DecimalExponent' }
}

/** The canonical text: no fraction, the largest suffix that loses nothing. */
function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0'
  const isInteger = nanos % billion === 0n
  const isSmall = nanos > -1024n * billion && nanos < 1024n * billion
  if (format === 'BinarySI' && isInteger && !isSmall) return formatBinary(nanos / billion)
  let mantissa = nanos
  let exponent = -9
  // No suffix exceeds `E`; an exponent is unlimited.
  const exponentMax = format === 'DecimalExponent' ? Number.POSITIVE_INFINITY : 18
  while (mantissa % 1000n === 0n && exponent < exponentMax) {
    mantissa /= 1000n
    exponent += 3
  }
  if (format === 'DecimalExponent')
    return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`
  const suffix = Object.keys(decimalExponents).find((key) => decimalExponents[key] === exponent)
  return `${mantissa}${suffix}`
}

function formatBinary(value: bigint): string {
  let mantissa = value
  let exponent = 0
  while (mantissa % 1024n === 0n && exponent < 60) {
    mantissa /= 1024n
    exponent += 10
  }
  const suffix = Object.keys(binaryExponents).find((key) => binaryExponents[key] === exponent) ?? ''
  return `${mantissa}${suffix}`
}

/** The canonical form of a written quantity: `1000m` → `1`, `0.5` → `500m`. */
export function canonicalQuantity(text: string | number): string {
  return formatQuantity(parseQuantity(text))
}

/** Requests are rounded up to thousandths (upstream's `SetDefaults_ResourceList`); canonical. */
export function inThousandths(text: string): string {
  const { nanos, format } = parseQuantity(text)
  return formatQuantity({ nanos: divideUp(nanos, million) * million, format })
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a).nanos - parseQuantity(b).nanos
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The sum, in the format of `a`, or of `b` if `a` is zero. */
export const addQuantities = (a: string | number, b: string | number): string =>
  together(parseQuantity(a), parseQuantity(b), 1n)

/** The difference, in the format of a sum. */
export const subtractQuantities = (a: string | number, b: string | number): string =>
  together(parseQuantity(a), parseQuantity(b), -1n)

function together(a: Quantity, b: Quantity, factor: bigint): string {
  const { format } = a.nanos === 0n ? b : a
  return formatQuantity({ format, nanos: a.nanos + factor * b.nanos })
}

/** The form of nearly all amounts, which a JavaScript number represents exactly. */
const plainShape = /^(\d{1,9})(m|Ki|Mi|Gi)?$/
const plainFactors: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }

/** In thousandths, rounded up, as for CPU. */
function millisOf(text: string | number): number {
  const [, digits, suffix] = plainShape.exec(String(text)) ?? []
  if (digits && suffix === 'm') return Number(digits)
  if (digits && suffix === undefined) return Number(digits) * 1000
  return Number(divideUp(parseQuantity(text).nanos, million))
}

/** Whole units, rounded up: bytes, pods, devices. */
export function unitsOf(text: string | number): number {
  const [, digits, suffix = ''] = plainShape.exec(String(text)) ?? []
  if (digits && suffix === 'm') return Math.ceil(Number(digits) / 1000)
  if (digits) return Number(digits) * (plainFactors[suffix] ?? 1)
  return Number(divideUp(parseQuantity(text).nanos, billion))
}

/** CPU in thousandths of a core, rounded up. */
export const cpuMillis = millisOf

/** Memory or storage in bytes, rounded up. */
export const memoryBytes = unitsOf
