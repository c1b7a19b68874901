import protobuf from 'protobufjs/minimal.js'

/** Reads a message field by field: each a tag (number << 3 | wire type) and what it holds. */
export const readerOf = (bytes: Buffer): protobuf.Reader => protobuf.Reader.create(bytes)

/** Writes a message field by field. */
export const newWriter = (): protobuf.Writer => protobuf.Writer.create()

/** A length-delimited field, not copied. */
export const bytesIn = (reader: protobuf.Reader): Buffer => bufferOf(reader.bytes())

/** A number above 2^53 loses its last digits: no position, revision or length of this store reaches that far. */
export const numberIn = (reader: protobuf.Reader): number => Number(reader.uint64())

/** The message that was written. */
export const finished = (writer: protobuf.Writer): Buffer => bufferOf(writer.finish())

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
