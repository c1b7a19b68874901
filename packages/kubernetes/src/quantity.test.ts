import assert from 'node:assert/strict'
import test from 'node:test'
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  cpuMillis,
  memoryBytes,
  parseQuantity,
  subtractQuantities,
} from './quantity.ts'
import { isRefusal } from './status-error.ts'

test('a quantity is printed in its canonical form', () => {
  const forms = {
    '0.5': '500m',
    '1000m': '1',
    '1500m': '1500m',
    '1.5Gi': '1536Mi',
    '1024Mi': '1Gi',
    '512': '512',
    '1000k': '1M',
    '1e3': '1e3',
    '0.5Mi': '512Ki',
    '100Ki': '100Ki',
    '0': '0',
    '0.0000000001': '1n',
    '-2': '-2',
  }
  for (const [written, canonical] of Object.entries(forms)) {
    assert.equal(canonicalQuantity(written), canonical)
  }
  assert.equal(canonicalQuantity(2), '2')
})

test('what is more than 64 bits hold is as much as they do, unless it is written in a few digits', () => {
  const most = '9223372036854775807'
  for (const written of ['8Ei', '10Ei', '9223372036854775808', '99999999999999999999', most]) {
    assert.equal(canonicalQuantity(written), most)
  }
  assert.equal(canonicalQuantity('-99999999999999999999'), `-${most}`)
  assert.equal(canonicalQuantity('100E'), '100E')
  assert.equal(canonicalQuantity('0.0001'), '100u')
  assert.equal(canonicalQuantity('1e30'), '1e30')
  assert.equal(canonicalQuantity('1e20'), '100e18')
})

test('a sum is in the form of what there was first', () => {
  assert.equal(addQuantities('1Gi', '512M'), '1548576Ki')
  assert.equal(addQuantities('0', '1Gi'), '1Gi')
  assert.equal(subtractQuantities('2Gi', '1024Mi'), '1Gi')
  assert.equal(subtractQuantities('1', '1500m'), '-500m')
})

test('cpu is counted in thousandths and memory in bytes, rounded up', () => {
  assert.equal(cpuMillis('250m'), 250)
  assert.equal(cpuMillis('1u'), 1)
  assert.equal(memoryBytes('1Mi'), 1_048_576)
  assert.equal(memoryBytes('1500m'), 2)
})

test('quantities compare and add across suffixes, exactly', () => {
  assert.equal(compareQuantities('1Gi', '1024Mi'), 0)
  assert.equal(compareQuantities('999m', '1'), -1)
  assert.equal(addQuantities('100m', '0.9'), '1')
  assert.equal(parseQuantity('7Ei').nanos, 7n * 2n ** 60n * 1_000_000_000n)
})

test('what is no quantity is refused with 400', () => {
  for (const text of ['', 'abc', '1Q', '1e999999999', '1.2.3', '--1', '1'.repeat(100)]) {
    assert.throws(
      () => parseQuantity(text),
      (error) => isRefusal(error, 'BadRequest'),
      text,
    )
  }
})

test('an amount is the same number, however it is written', () => {
  const perMilli = 1_000_000n
  for (const digits of ['0', '1', '7', '999', '1000', '1001', '009', '123456789', '999999999']) {
    for (const suffix of ['', 'm', 'Ki', 'Mi', 'Gi', 'k', 'M', 'e1', 'E1']) {
      const { nanos } = parseQuantity(digits + suffix)
      const up = (part: bigint) => Number((nanos + part - 1n) / part)
      assert.equal(cpuMillis(digits + suffix), up(perMilli), digits + suffix)
      assert.equal(memoryBytes(digits + suffix), up(1000n * perMilli), digits + suffix)
    }
  }
  assert.deepEqual(
    [cpuMillis(2), memoryBytes(3), memoryBytes('0.5'), cpuMillis('+2')],
    [2000, 3, 1, 2000],
  )
})
