import { fnv1a32 } from './fnv1a.ts'
import { isDeepEqual } from './json/deep-equal.ts'
import { isJsonObject } from './json/json-object.ts'
import type { PodTemplateSpec } from './object.ts'

/** Upstream's alphabet for generated names: no vowels and nothing that looks like one, so no words. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
/** What a generated name keeps of its base. */
export const generatedBaseLengthMax = 63 - suffixLength

/** The label that tells the pods of a Deployment's templates apart. */
export const podTemplateHashLabel = 'pod-template-hash'

/** How many suffixes a generated name may have. */
export const suffixesMax = alphabet.length ** suffixLength

/** `base` and five characters; `random(n)` gives a whole number from 0 to below n. */
export function generatedName(base: string, random: (n: number) => number): string {
  const suffix = Array.from({ length: suffixLength }, () => alphabet[random(alphabet.length)])
  return base.slice(0, generatedBaseLengthMax) + suffix.join('')
}

/** The number, from 0 to below `suffixesMax`, that the suffix of a generated name spells; undefined of other names. */
export function suffixNumber(name: string): number | undefined {
  const digits = [...name.slice(-suffixLength)].map((letter) => alphabet.indexOf(letter))
  if (digits.length < suffixLength || digits.includes(-1)) return undefined
  return digits.reduceRight((number, digit) => number * alphabet.length + digit, 0)
}

/** Upstream's `SafeEncodeString`: any text in the alphabet of generated names. */
function safeEncoded(text: string): string {
  return [...text].map((letter) => alphabet[letter.charCodeAt(0) % alphabet.length]).join('')
}

/** Whether two templates make the same pods: their hash label says nothing. */
export function isTemplateEqual(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return isDeepEqual(withoutHash(a), withoutHash(b))
}

/** A template's hash: the same for the same content, in whatever order its fields stand. */
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
