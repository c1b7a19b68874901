import { defineCustom, type Objects, type StoredObject } from '@reckon/domain'
import { customResourceDefinitions, ResourceTable } from '@reckon/kubernetes'
import type { RecentChanges } from '../watching/recent-changes.ts'
import type { Past } from './past.ts'
import { Remembered } from './remembered.ts'

type Context = { objects: Objects; recent: Pick<RecentChanges, 'asOf'>; past: Past }

/**
 * How many tables, and positions' definitions, are cached: users who look around in the past return to the same moment.
 */
const tablesMax = 8
const positionsMax = 64

/** The kinds that were served at a position: the built-in ones, and those whose definitions were established then. */
export class ResourcesAt {
  readonly #context: Context
  readonly #tables = new Remembered<string, ResourceTable>(tablesMax)
  readonly #definitions = new Remembered<bigint, readonly StoredObject[]>(positionsMax)

  constructor(context: Context) {
    this.#context = context
  }

  /**
   * The table at a position. Where it equals the present one, that table itself is returned; do not keep it, because it
   * goes on changing.
   */
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
