import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'
import { messageOf } from '@reckon/kubernetes'
import { spdyDictionary } from './spdy-dictionary.ts'

/** The headers of a SPDY stream; names are in lower case. */
export type SpdyHeaders = ReadonlyMap<string, string>

/** The maximum size of a header block. */
const headerBytesMax = 64 * 1024
const chunkSize = headerBytesMax

/** Decompresses the header blocks of one direction of a connection, in order: they form one zlib stream. */
export function headerReader(): (block: Uint8Array) => Promise<SpdyHeaders> {
  const inflate = createInflate({ dictionary: spdyDictionary, chunkSize })
  return async (block) => headersIn(await through(inflate, block))
}

/** Compresses the header blocks of the other direction. */
export function headerWriter(): (headers: SpdyHeaders) => Promise<Uint8Array> {
  const deflate = createDeflate({ dictionary: spdyDictionary, chunkSize })
  return (headers) => through(deflate, blockOf(headers))
}

/** Decompresses one flushed block. Throws SyntaxError where it is malformed. */
async function through(transform: Inflate | Deflate, block: Uint8Array): Promise<Buffer> {
  const parts: Buffer[] = []
  const onData = (part: Buffer) => parts.push(part)
  transform.on('data', onData)
  const failed = Promise.withResolvers<void>()
  transform.on('error', failed.reject)
  try {
    const done = new Promise<void>((resolve, reject) => {
      transform.write(block, (error) => {
        if (error) reject(error)
        else transform.flush(constants.Z_SYNC_FLUSH, resolve)
      })
    })
    await Promise.race([done, failed.promise])
  } catch (error) {
    throw new SyntaxError(`headers are not compressed as they should be: ${messageOf(error)}`)
  } finally {
    transform.off('data', onData)
    transform.off('error', failed.reject)
  }
  return Buffer.concat(parts)
}

function headersIn(bytes: Buffer): SpdyHeaders {
  let at = 0
  const number = (): number => {
    if (at + 4 > bytes.length) throw new SyntaxError('headers are cut')
    at += 4
    return bytes.readUInt32BE(at - 4)
  }
  const text = (): string => {
    const length = number()
    if (at + length > bytes.length) throw new SyntaxError('headers are cut')
    at += length
    return bytes.toString('utf8', at - length, at)
  }
  const headers = new Map<string, string>()
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text())
  return headers
}

function blockOf(headers: SpdyHeaders): Buffer {
  const parts = [...headers].flat().flatMap((text) => {
    const bytes = Buffer.from(text)
    return [lengthOf(bytes.length), bytes]
  })
  return Buffer.concat([lengthOf(headers.size), ...parts])
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}
