import type { FileHandle } from 'node:fs/promises'
import { fieldsOf, jsonIn, listAt, textAt } from '../parse.ts'
import type { Witness } from '../snapshots.ts'
import { blocksOf } from './blocks.ts'

/** The version of the file format, stored in each head. */
const form = 2

/** The first block of a segment file. */
export type SegmentHead = {
  /** The position that the first record follows; null where it is the first of the log. */
  after: string | null
  /** Earlier events by which the log is recognised, newest first. */
  witnesses: readonly Witness[]
  /** The length of the preceding file, if there is one. */
  bytesBefore: number
}

export const encodeHead = (head: SegmentHead): Buffer =>
  Buffer.from(JSON.stringify({ form, ...head }))

/** Decodes a head; undefined where it has another format. */
export function headIn(content: Buffer): SegmentHead | undefined {
  const fields = fieldsOf(jsonIn(content))
  if (fields.form !== form) return undefined
  const { after, bytesBefore } = fields
  return {
    after: after === null ? null : textAt(fields, 'after'),
    bytesBefore: Number(bytesBefore),
    witnesses: listAt(fields, 'witnesses').map((each) => {
      const witness = fieldsOf(each, 'a witness')
      return {
        position: textAt(witness, 'position'),
        stream: textAt(witness, 'stream'),
        revision: textAt(witness, 'revision'),
        id: textAt(witness, 'id'),
      }
    }),
  }
}

/** Most heads are shorter, and what is read beyond them is in vain. */
const headBytes = 4096

/** The head of a file; undefined where it has none, or one in another format. */
export async function headOf(file: FileHandle): Promise<SegmentHead | undefined> {
  for await (const [first] of blocksOf(file, headBytes)) return first && headIn(first.content)
  return undefined
}
