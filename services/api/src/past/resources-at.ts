import { defineCustom, type Objects, type StoredObject } from '@reckon/domain'
import { customResourceDefinitions, ResourceTable } from '@reckon/kubernetes'
import type { RecentChanges } from '../watching/recent-changes.ts'
import type { Past } from './past.ts'
import { Remembered } from './remembered.ts'

type Context = { objects: Objects; recent: Pick<RecentChanges, 'asOf'>; past: Past }

/** So many tables, and positions' definitions, are kept: who looks around in the past comes again. */
const tablesMax = 8
const positionsMax = 64

/** Which kinds were served at positions: those built in, and those whose definitions were established then. */
export class ResourcesAt {
  readonly #context: Context
  readonly #tables = new Remembered<string, ResourceTable>(tablesMax)
  readonly #definitions = new Remembered<bigint, readonly StoredObject[]>(positionsMax)

  constructor(context: Context) {
    this.#context = context
  }

  /** The table of the present itself where nothing was otherwise: to be asked for anew, for that goes on. */
  async of(position: bigint, signal: AbortSignal): Promise<ResourceTable> {
    const { objects } = this.#context
    const definitions = await this.#definitionsAt(position, signal)
    const id = versionsOf(definitions)
    if (id === versionsOf(objects.list(customResourceDefinitions))) return objects.resources
    const known = this.#tables.get(id)
    if (known !== undefined) return known
    const table = new ResourceTable()
    for (const { object } of definitions) defineCustom(table, { after: object })
    this.#tables.keep(id, table)
    return table
  }

  async #definitionsAt(position: bigint, signal: AbortSignal): Promise<readonly StoredObject[]> {
    const known = this.#definitions.get(position)
    if (known !== undefined) return known
    const { recent, past } = this.#context
    const found = await Array.fromAsync(
      recent.asOf(customResourceDefinitions, position, {}) ??
        past.at(position).scan(customResourceDefinitions, {}, signal),
    )
    this.#definitions.keep(position, found)
    return found
  }
}

const versionsOf = (definitions: readonly StoredObject[]): string =>
  definitions.map(({ object: { metadata } }) => metadata.resourceVersion).join()
