import type { Reasons } from '../framework.ts'

/** A plugin's verdict that a pod cannot run on a node. */
export type Rejection = {
  readonly id: number
  readonly plugin: string
  readonly reasons: readonly string[]
  /** It stays whatever pods leave the node. */
  readonly isLasting: boolean
}

/** Numbers for rejections, so that one stands for a node in an array. They depend on history: never record them. */
export class Rejections {
  readonly #all: Rejection[] = []
  readonly #ids = new Map<string, Map<string, Rejection>>()

  of(plugin: string, given: NonNullable<Reasons>): Rejection {
    const isLasting = typeof given === 'object' && 'lasting' in given
    const all = isLasting ? given.lasting : given
    const text = `${typeof all === 'string' ? all : all.join('\n')}${isLasting ? '\n' : ''}`
    let ofPlugin = this.#ids.get(plugin)
    if (ofPlugin === undefined) {
      ofPlugin = new Map()
      this.#ids.set(plugin, ofPlugin)
    }
    const known = ofPlugin.get(text)
    if (known !== undefined) return known
    const reasons = typeof all === 'string' ? [all] : [...all]
    const created = { id: this.#all.length, plugin, reasons, isLasting }
    this.#all.push(created)
    ofPlugin.set(text, created)
    return created
  }

  at(id: number): Rejection | undefined {
    return this.#all[id]
  }
}
