/**
 * Protobuf's wire format, as far as the hot path needs it. Numbers above 2^53 lose their last
 * digits: no position, revision or length of this store reaches that far.
 */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The next field's tag (number << 3 | wire type), or 0 at the end. */
  tag(): number {
    return this.#at < this.#bytes.length ? this.varint() : 0
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('the message ends inside a number')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }

  /** A length-delimited field, not copied. */
  bytes(): Buffer {
    const length = this.varint()
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('the message ends inside a field')
    const field = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return field
  }

  text(): string {
    return this.bytes().toString('utf8')
  }

  skip(tag: number): void {
    const type = tag & 7
    if (type === 0) this.varint()
    else if (type === 1) this.#at += 8
    else if (type === 2) this.bytes()
    else if (type === 5) this.#at += 4
    else throw new RangeError(`a field has the unknown wire type ${type}`)
  }
}

/** How many bytes a number takes as a varint. */
export function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++
  return size
}

/** How many bytes a length-delimited field takes whose tag is one byte long. */
export function fieldSize(length: number): number {
  return 1 + varintSize(length) + length
}

/** Fills a buffer of exactly the right size, front to back. */
export class WireWriter {
  readonly buffer: Buffer
  #at = 0

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.buffer[this.#at++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.#at++] = rest
  }

  /** The start of a nested message of this length. */
  open(tag: number, length: number): void {
    this.buffer[this.#at++] = tag
    this.varint(length)
  }

  number(tag: number, value: number): void {
    this.buffer[this.#at++] = tag
    this.varint(value)
  }

  raw(bytes: Buffer): void {
    this.#at += bytes.copy(this.buffer, this.#at)
  }

  bytes(tag: number, bytes: Buffer): void {
    this.open(tag, bytes.length)
    this.raw(bytes)
  }

  text(tag: number, text: string, length: number): void {
    this.open(tag, length)
    this.#at += this.buffer.write(text, this.#at, 'utf8')
  }
}
