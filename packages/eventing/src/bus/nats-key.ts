const userPrefix = 20 << 3
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A user's public key (Ed25519, 32 bytes) as nats-server's configuration names it (NATS' NKeys). */
export function natsKeyOf(publicKey: Uint8Array): string {
  const bytes = [userPrefix, ...publicKey]
  const sum = crc16(bytes)
  return base32([...bytes, sum & 0xff, sum >> 8])
}

/** CRC-16/XMODEM. */
const crc16 = (bytes: readonly number[]): number =>
  bytes.reduce((sum, byte) => {
    let next = sum ^ (byte << 8)
    for (let bit = 0; bit < 8; bit++)
      next = (next & 0x8000 ? (next << 1) ^ 0x1021 : next << 1) & 0xffff
    return next
  }, 0)

/** RFC 4648, without padding. */
function base32(bytes: readonly number[]): string {
  let [text, value, bits] = ['', 0, 0]
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31]
}
