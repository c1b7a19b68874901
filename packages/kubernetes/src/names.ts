import { fnv1a32 } from './fnv1a.ts'
import { isDeepEqual } from './json/deep-equal.ts'
import { isJsonObject } from './json/json-object.ts'
import type { PodTemplateSpec } from './object.ts'

/** Upstream's alphabet for generated names: without vowels and similar characters, so that no words arise. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
/** How many characters of its base a generated name keeps. */
export const generatedBaseLengthMax = 63 - suffixLength

/** The label by which pods of different templates of a Deployment are distinguished. */
export const podTemplateHashLabel = 'pod-template-hash'

/** The number of possible suffixes. */
export const suffixesMax = alphabet.length ** suffixLength

/** `base` and five characters; `random(n)` gives a whole number from 0 to below n. */
export function generatedName(base: string, random: (n: number) => number): string {
  const suffix = Array.from({ length: suffixLength }, () => alphabet[random(alphabet.length)])
  return base.slice(0, generatedBaseLengthMax) + suffix.join('')
}

/** The number encoded by the suffix of a generated name, from 0 to `suffixesMax` − 1; undefined for other names. */
export function suffixNumber(name: string): number | undefined {
  const digits = [...name.slice(-suffixLength)].map((letter) => alphabet.indexOf(letter))
  if (digits.length < suffixLength || digits.includes(-1)) return undefined
  return digits.reduceRight((number, digit) => number * alphabet.length + digit, 0)
}

/** Upstream's `SafeEncodeString`: maps a text to the alphabet of generated names. */
function safeEncoded(text: string): string {
  return [...text].map((letter) => alphabet[letter.charCodeAt(0) % alphabet.length]).join('')
}

/** Whether two templates make the same pods, whatever their hash labels. */
export function isTemplateEqual(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return isDeepEqual(withoutHash(a), withoutHash(b))
}

/** A template's hash, independent of the order of fields. */
export function podTemplateHash(template: PodTemplateSpec, collisions = 0): string {
  const text = canonicalText(withoutHash(template)) + (collisions === 0 ? '' : `#${collisions}`)
  return safeEncoded(String(fnv1a32(text)))
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [podTemplateHashLabel]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const fields = Object.keys(value).filter((field) => value[field] !== undefined)
  return `{${fields
    .sort()
    .map((field) => `${JSON.stringify(field)}:${canonicalText(value[field])}`)
    .join(',')}}`
}
