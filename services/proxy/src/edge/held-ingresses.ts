import { readFile } from 'node:fs/promises'
import type { Logger } from '@reckon/eventing/bus'
import { hasCode, isBug, writeLastingFile } from '@reckon/process'
import { positionsOf } from '@reckon/routing'
import type { HeldIngresses, HeldIngressesMemory } from '../edge-gate.ts'

type HeldIngressesPorts = {
  log: Logger
  /** Undefined where none runs. */
  envoyVersion(): Promise<string | undefined>
}

/** Raise this with every change of a rule's form: files of another form are ignored. */
const form = 1

/**
 * Remembers in a file which Ingresses are held back. A file of another form or for another Envoy, or an unreadable one,
 * is ignored, and all Ingresses are tried again. A failure to write delays nothing.
 */
export const heldIngressesIn = (
  path: string,
  { log, envoyVersion }: HeldIngressesPorts,
): HeldIngressesMemory => ({
  async read() {
    try {
      const text = await textOf(path)
      return text === undefined ? nothing() : heldIn(text, await envoyVersion())
    } catch (error) {
      log.warn({ err: error, path }, 'what was held back of Ingresses cannot be known')
      return nothing()
    }
  },
  async write({ refused, rules }) {
    try {
      const held = { refused: [...refused], rules: [...rules] }
      const text = JSON.stringify({ form, envoy: await envoyVersion(), ...held })
      await writeLastingFile(path, text)
      return true
    } catch (error) {
      if (isBug(error)) throw error
      log.warn({ err: error, path }, 'what is held back of Ingresses cannot be kept')
      return false
    }
  },
})

const nothing = (): HeldIngresses => ({ refused: new Map(), rules: new Map() })

function heldIn(text: string, envoyNow: string | undefined): HeldIngresses {
  const { form: formThen, envoy, refused, rules } = JSON.parse(text) ?? {}
  if (formThen !== form) throw new SyntaxError('it is of another form')
  const isOther = envoy !== undefined && envoyNow !== undefined && envoy !== envoyNow
  if (isOther) throw new SyntaxError(`it is of another Envoy: ${envoy}, not ${envoyNow}`)
  const held: HeldIngresses = { refused: new Map(refused), rules: new Map(rules) }
  // Malformed rules throw here rather than when they are applied.
  positionsOf(held.rules)
  return held
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return undefined
  }
}
