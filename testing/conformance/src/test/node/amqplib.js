// Drives a broker with amqplib: node amqplib.js <amqp uri> <unique name>. Prints "OK <step>" after each step and exits 1 on a surprise.
import { createRequire } from 'node:module'
const amqp = createRequire(import.meta.url)('amqplib')

const [uri, name] = process.argv.slice(2)

function check(holds, what) {
  if (!holds) throw new Error(`not as expected: ${what}`)
}

function within(seconds, promise, what) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took over ${seconds} s`)), seconds * 1000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function publishAndConsume(connection) {
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue(name, { durable: true })
  for (let i = 0; i < 200; i++) {
    channel.sendToQueue(name, Buffer.from(`body ${i}`), { persistent: true, messageId: `${i}`, headers: { i, deep: { list: [1, 'two'] } } })
  }
  await within(60, channel.waitForConfirms(), 'confirming')
  await channel.prefetch(10)
  const seen = []
  await within(60, new Promise((resolve, reject) => {
    channel.consume(name, message => {
      try {
        check(message.properties.headers.i === seen.length, 'headers')
        seen.push(message.content.toString())
        channel.ack(message)
        if (seen.length === 200) resolve()
      } catch (e) { reject(e) }
    }, { consumerTag: 'mine' }).catch(reject)
  }), 'consuming')
  await channel.cancel('mine')
  check(seen.every((body, i) => body === `body ${i}`), 'all in order')
  check((await channel.checkQueue(name)).messageCount === 0, 'empty')
  await channel.close()
  console.log('OK consume')
}

async function getRejectAndDeadLetter(connection) {
  const channel = await connection.createChannel()
  const dead = (await channel.assertQueue('', { exclusive: true })).queue
  const work = (await channel.assertQueue('', { exclusive: true, deadLetterExchange: '', deadLetterRoutingKey: dead, maxPriority: 5 })).queue
  channel.sendToQueue(work, Buffer.from('low'), { priority: 1 })
  channel.sendToQueue(work, Buffer.from('high'), { priority: 5 })
  const high = await channel.get(work)
  check(high.content.toString() === 'high', 'priority')
  channel.nack(high, false, true)
  const again = await channel.get(work)
  check(again.fields.redelivered && again.content.toString() === 'high', 'redelivered')
  channel.reject(again, false)
  let letter = false
  for (const end = Date.now() + 60_000; !letter && Date.now() < end;) letter = await channel.get(dead, { noAck: true })
  check(letter.properties.headers['x-death'][0].reason === 'rejected', 'x-death')
  await channel.close()
  console.log('OK dead letter')
}

async function routingAndReturns(connection) {
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange(name, 'headers', { autoDelete: true, durable: false })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, name, '', { 'x-match': 'all', colour: 'red' })
  const returned = new Promise(resolve => channel.once('return', resolve))
  channel.publish(name, '', Buffer.from('red'), { headers: { colour: 'red' } })
  channel.publish(name, '', Buffer.from('blue'), { headers: { colour: 'blue' }, mandatory: true })
  await within(60, channel.waitForConfirms(), 'confirming')
  check((await within(60, returned, 'returning')).fields.replyCode === 312, '312')
  check((await channel.get(queue, { noAck: true })).content.toString() === 'red', 'red')
  check(await channel.get(queue) === false, 'no blue')
  await channel.close()
  console.log('OK routing')
}

async function requestAndReply(connection) {
  const channel = await connection.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.consume(queue, request => {
    channel.sendToQueue(request.properties.replyTo, Buffer.from(`re: ${request.content}`), { correlationId: request.properties.correlationId })
    channel.ack(request)
  })
  const reply = new Promise(resolve => channel.consume('amq.rabbitmq.reply-to', resolve, { noAck: true }).then(() => {
    channel.sendToQueue(queue, Buffer.from('hello'), { replyTo: 'amq.rabbitmq.reply-to', correlationId: '1' })
  }))
  const message = await within(60, reply, 'replying')
  check(message.content.toString() === 're: hello' && message.properties.correlationId === '1', 'the reply')
  await channel.close()
  console.log('OK reply')
}

async function refusals(connection) {
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  const code = await channel.checkQueue(`${name}-missing`).then(() => 0, e => e.code)
  check(code === 404, '404')
  const wrong = uri.replace('guest:guest', 'guest:wrong')
  const refused = await amqp.connect(wrong).then(() => '', e => e.message)
  check(refused.includes('403') && refused.includes('ACCESS_REFUSED'), refused)
  console.log('OK refusals')
}

async function main() {
  const connection = await amqp.connect(`${uri}?heartbeat=10&frameMax=8192`)
  await publishAndConsume(connection)
  await getRejectAndDeadLetter(connection)
  await routingAndReturns(connection)
  await requestAndReply(connection)
  await refusals(connection)
  const last = await connection.createChannel()
  await last.deleteQueue(name)
  await connection.close()
  console.log('OK close')
}

main().catch(e => { console.error(e); process.exit(1) })
