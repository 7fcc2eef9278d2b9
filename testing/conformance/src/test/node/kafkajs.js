// Drives a broker with kafkajs: node kafkajs.js <host:port> <unique name>. Prints "OK <step>" after each step and exits 1 on a surprise.
import { createRequire } from 'node:module'
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = createRequire(import.meta.url)('kafkajs')

const [bootstrap, name] = process.argv.slice(2)
// Its own limit of a second for a connection is short for a machine that does much else.
const kafka = new Kafka({
  clientId: 'conformance', brokers: [bootstrap], logLevel: logLevel.ERROR, connectionTimeout: 60000, requestTimeout: 60000,
})
const RECORDS = 500

function check(holds, what) {
  if (!holds) throw new Error(`not as expected: ${what}`)
}

function within(seconds, promise, what) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took over ${seconds} s`)), seconds * 1000) })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function produce(idempotent, compression) {
  const producer = kafka.producer({ idempotent, maxInFlightRequests: idempotent ? 1 : 5 })
  await producer.connect()
  const messages = Array.from({ length: RECORDS }, (_, i) => ({
    key: `k${i % 10}`, value: i % 50 === 49 ? null : `v${i}`, headers: { step: `${i}` }, partition: i % 3,
  }))
  const answer = await producer.send({ topic: name, compression, acks: -1, messages })
  check(answer.length === 3 && answer.every(a => a.errorCode === 0), JSON.stringify(answer))
  await producer.disconnect()
}

async function consume(expected) {
  const consumer = kafka.consumer({ groupId: name })
  await consumer.connect()
  await consumer.subscribe({ topic: name, fromBeginning: true })
  let seen = 0
  const all = new Promise((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        try {
          const i = Number(message.headers.step.toString())
          check(message.key.toString() === `k${i % 10}`, 'key')
          check(i % 50 === 49 ? message.value === null : message.value.toString() === `v${i}`, 'value')
          if (++seen === expected) resolve()
        } catch (e) { reject(e) }
      },
    }).catch(reject)
  })
  await within(120, all, 'consuming')
  await consumer.disconnect()
}

async function main() {
  const admin = kafka.admin()
  await admin.connect()
  check(await admin.createTopics({ topics: [{ topic: name, numPartitions: 3 }] }), 'created')
  console.log('OK create')
  await produce(false, CompressionTypes.None)
  await produce(false, CompressionTypes.GZIP)
  await produce(true, CompressionTypes.GZIP)
  console.log('OK produce')
  await consume(3 * RECORDS)
  console.log('OK consume')
  const offsets = await admin.fetchTopicOffsets(name)
  check(offsets.reduce((sum, o) => sum + Number(o.high), 0) === 3 * RECORDS, JSON.stringify(offsets))
  const committed = await admin.fetchOffsets({ groupId: name, topics: [name] })
  check(committed[0].partitions.reduce((sum, p) => sum + Number(p.offset), 0) === 3 * RECORDS, JSON.stringify(committed))
  const config = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name }], includeSynonyms: false })
  check(config.resources[0].configEntries.some(e => e.configName === 'retention.ms'), 'configs')
  check((await admin.describeGroups([name])).groups[0].state === 'Empty', 'group state')
  check((await admin.describeCluster()).brokers.length === 1, 'brokers')
  await admin.createPartitions({ topicPartitions: [{ topic: name, count: 4 }] })
  await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '10' }] })
  check((await admin.fetchTopicOffsets(name)).find(o => o.partition === 0).low === '10', 'low after deletion')
  console.log('OK look around')
  await admin.deleteGroups([name])
  await admin.deleteTopics({ topics: [name] })
  check(!(await admin.listTopics()).includes(name), 'deleted')
  console.log('OK delete')
  await admin.disconnect()
}

main().then(() => process.exit(0), e => { console.error(e); process.exit(1) })
