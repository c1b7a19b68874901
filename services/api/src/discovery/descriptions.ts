import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Description, Descriptions } from '@reckon/kubernetes'

const folder = dirname(fileURLToPath(import.meta.resolve('kubernetes-types/package.json')))

/** Older versions of a kind use the descriptions of the version that replaced them. */
const successors = ['apps/v1.d.ts', 'networking/v1.d.ts']

/**
 * Kubernetes' own descriptions of kinds and fields, from the comments of the package `kubernetes-types`. Each of its
 * files is read when the first of its kinds is needed.
 */
export function createDescriptions(): Descriptions {
  const files = new Map<string, ReadonlyMap<string, Description>>()
  const described = (file: string): ReadonlyMap<string, Description> => {
    const known = files.get(file)
    if (known !== undefined) return known
    const path = join(folder, file)
    const found = descriptionsIn(existsSync(path) ? readFileSync(path, 'utf8') : '')
    files.set(file, found)
    return found
  }
  return (schemaName) => {
    const [, group, version, kind] = /\.([a-z0-9]+)\.(v\w+)\.(\w+)$/.exec(schemaName) ?? []
    if (kind === undefined) return undefined
    const own = described(`${group}/${version}.d.ts`).get(kind)
    if (own !== undefined || /^v1$/.test(version ?? '')) return own
    return successors.map((file) => described(file).get(kind)).find((each) => each !== undefined)
  }
}

const declaration =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:^export (?:interface|type) (\w+)|^ {4}"?([\w$-]+)"?\??:)/gm

/** The interfaces of a declaration file, each with its description and those of its fields. */
function descriptionsIn(text: string): ReadonlyMap<string, Description> {
  const found = new Map<string, { text: string; fields: Record<string, string> }>()
  let current: { text: string; fields: Record<string, string> } | undefined
  for (const [, comment = '', kind, field] of text.matchAll(declaration)) {
    if (kind !== undefined) {
      current = { text: proseOf(comment), fields: {} }
      found.set(kind, current)
    } else if (field !== undefined && current && comment !== '') {
      current.fields[field] = proseOf(comment)
    }
  }
  return found
}

/** A comment without its stars; paragraphs stay apart. */
function proseOf(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim())
  const paragraphs = lines
    .join('\n')
    .trim()
    .split(/\n{2,}/)
  return paragraphs.map((paragraph) => paragraph.replaceAll('\n', ' ')).join('\n\n')
}
