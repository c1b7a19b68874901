import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'

const asItIs = (bytes: Buffer): Buffer => bytes
const forms = {
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
}
const exchange = { path: '/samples.Samples/Exchange', requestStream: true, responseStream: true }
const echo = { path: '/samples.Samples/Echo', requestStream: false, responseStream: false }
const service = { Exchange: { ...exchange, ...forms }, Echo: { ...echo, ...forms } }

type Call = ClientDuplexStream<Buffer, Buffer>
type Served = ServerDuplexStream<Buffer, Buffer>
type Asked = ServerUnaryCall<Buffer, Buffer>

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server of its own, and a call to it that the server has seen once something was sent. */
async function openCall() {
  const { promise: taken, resolve: take } = Promise.withResolvers<Served>()
  const server = new Server()
  const Echo = ({ request }: Asked, answer: sendUnaryData<Buffer>) => answer(null, request)
  server.addService(service, { Exchange: take, Echo })
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port))
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound)
  })
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const call: Call = client.makeBidiStreamRequest(exchange.path, asItIs, asItIs)
  // Emitted when the test is over, too.
  call.on('error', () => {})
  closing.push(() => {
    client.close()
    server.forceShutdown()
  })
  /** Resolves when the server has taken, and answered, something on another call of the same connection. */
  const roundTrip = () =>
    new Promise<void>((resolve, reject) => {
      const answered = (error: ServiceError | null) => (error ? reject(error) : resolve())
      client.makeUnaryRequest(echo.path, asItIs, asItIs, Buffer.alloc(1), answered)
    })
  return { call, taken, server, roundTrip }
}

/** A call that was answered, and so is never sent again. */
async function committedCall() {
  const opened = await openCall()
  const served = await opened.taken
  served.on('error', () => {})
  await answered(opened.call, served)
  return { ...opened, served }
}

async function answered(call: Call, served: Served): Promise<void> {
  served.write(Buffer.from('hello'))
  await once(call, 'data')
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

/** A message that begins with its number. */
function message(n: number, bytes = 8): Buffer {
  const sent = Buffer.alloc(bytes)
  sent.writeUInt32BE(n)
  return sent
}

async function numbersRead(served: Served): Promise<number[]> {
  const read: number[] = []
  for await (const received of served) read.push(received.readUInt32BE())
  return read
}

const failureOf = async (call: Call): Promise<ServiceError> => (await once(call, 'error'))[0]

test('messages of one turn and of many arrive whole, in order, and before the end', async () => {
  const { call, served } = await committedCall()
  const read = numbersRead(served)
  for (const n of numbers(500)) {
    call.write(message(n, n % 7 === 0 ? 70_000 : 20))
    if (n % 50 === 0) await new Promise(setImmediate)
  }
  call.end()
  assert.deepEqual(await read, numbers(500))
})

test('messages that wait since before the first answer arrive before later ones', async () => {
  const { call, taken } = await openCall()
  for (const n of numbers(100)) call.write(message(n, 50_000))
  const served = await taken
  await answered(call, served)
  for (const n of numbers(100)) call.write(message(100 + n))
  call.end()
  assert.deepEqual(await numbersRead(served), numbers(200))
})

test('of what a server does not read a bounded part is taken, and the rest once it reads', async () => {
  const { call, served, roundTrip } = await committedCall()
  const [count, bytes] = [400, 16_384]
  let taken = 0
  const all = numbers(count).map(async (n) => {
    await new Promise<void>((resolve) => call.write(message(n, bytes), () => resolve()))
    taken++
  })
  for (const _ of numbers(20)) await roundTrip()
  assert.ok(taken * bytes < 2 * 1024 * 1024, `${taken * bytes} bytes`)
  const read = numbersRead(served)
  await Promise.all(all)
  call.end()
  assert.deepEqual(await read, numbers(count))
})

test('whoever cancels a call with messages under way is told, and so is the server', async () => {
  const { call, served } = await committedCall()
  const cancelled = once(served, 'cancelled')
  for (const n of numbers(100)) call.write(message(n, 16_384))
  const failure = failureOf(call)
  call.cancel()
  assert.equal((await failure).code, status.CANCELLED)
  await cancelled
  call.write(message(100))
})

test('whoever has messages under way is told when the server refuses the call', async () => {
  const { call, served } = await committedCall()
  for (const n of numbers(100)) call.write(message(n, 16_384))
  const failure = failureOf(call)
  served.emit('error', { code: status.PERMISSION_DENIED, details: 'no more' })
  assert.equal((await failure).code, status.PERMISSION_DENIED)
})

test('whoever has messages under way is told when the server is gone', async () => {
  const { call, server } = await committedCall()
  for (const n of numbers(100)) call.write(message(n, 16_384))
  const failure = failureOf(call)
  server.forceShutdown()
  assert.ok([status.UNAVAILABLE, status.CANCELLED].includes((await failure).code))
})
