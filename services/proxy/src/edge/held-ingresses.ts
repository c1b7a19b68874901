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

/** Rises with every change of what a rule looks like: one of another form is not read. */
const form = 1

/**
 * The memory of what is held back, in this file. One of another form, of another Envoy or that cannot be read counts as
 * nothing: all Ingresses are tried anew then. One that cannot be written holds nothing up.
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
  // What are no rules throws here, and not whenever they are applied.
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
