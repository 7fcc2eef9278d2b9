// The AWS SDK for JavaScript against a running broker: node sqs.js <endpoint> <name>. Prints "OK <what>" for each thing that held.
import assert from 'node:assert/strict'
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient
} from '@aws-sdk/client-sqs'

const [endpoint, name] = process.argv.slice(2)
const client = new SQSClient({
  endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' }
})

async function refused (command) {
  try {
    await client.send(command)
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

async function create (suffix, attributes) {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name + suffix, Attributes: attributes }))
  return QueueUrl
}

async function standard () {
  const url = await create('', { VisibilityTimeout: '20' })
  assert.equal((await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl, url)
  const listed = await client.send(new ListQueuesCommand({ QueueNamePrefix: name }))
  assert.deepEqual(listed.QueueUrls, [url])
  const attributes = {
    text: { DataType: 'String', StringValue: 'välue' },
    number: { DataType: 'Number.int', StringValue: '7' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) }
  }
  const sent = await client.send(
    new SendMessageCommand({ QueueUrl: url, MessageBody: 'from JavaScript', MessageAttributes: attributes }))
  const { Messages: [message] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5, AttributeNames: ['All'], MessageAttributeNames: ['All'] }))
  assert.equal(message.MessageId, sent.MessageId)
  assert.equal(message.Body, 'from JavaScript')
  assert.equal(message.MessageAttributes.text.StringValue, 'välue')
  assert.equal(message.MessageAttributes.number.DataType, 'Number.int')
  assert.deepEqual([...message.MessageAttributes.bytes.BinaryValue], [0, 1, 255])
  assert.equal(message.Attributes.ApproximateReceiveCount, '1')
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 }))
  const { Messages: [again] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5 }))
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again.ReceiptHandle }))
  const counts = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))
  assert.equal(counts.Attributes.ApproximateNumberOfMessages, '0')
  assert.equal(counts.Attributes.ApproximateNumberOfMessagesNotVisible, '0')
  console.log('OK standard')
  return url
}

async function batches (url) {
  const entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: `m${i}` }))
  const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }))
  assert.equal(sent.Successful.length, 10)
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }))
  assert.deepEqual(Messages.map(message => message.Body), entries.map(entry => entry.MessageBody))
  const deleted = await client.send(new DeleteMessageBatchCommand({
    QueueUrl: url,
    Entries: Messages.map((message, i) => ({ Id: `d${i}`, ReceiptHandle: message.ReceiptHandle }))
  }))
  assert.equal(deleted.Successful.length, 10)
  console.log('OK batches')
}

async function fifo () {
  const url = await create('.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  for (const body of ['a', 'b', 'a', 'c']) {
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: 'g' }))
  }
  const { Messages } = await client.send(new ReceiveMessageCommand({
    QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['SequenceNumber'] }))
  assert.deepEqual(Messages.map(message => message.Body), ['a', 'b', 'c'])
  assert.ok(BigInt(Messages[0].Attributes.SequenceNumber) < BigInt(Messages[1].Attributes.SequenceNumber))
  console.log('OK fifo')
  return url
}

async function waiting (url) {
  const receive = client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }))
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'wake up' }))
  assert.equal((await receive).Messages[0].Body, 'wake up')
  console.log('OK waiting')
}

async function errors (url) {
  const missing = await refused(new GetQueueUrlCommand({ QueueName: name + '-nowhere' }))
  assert.equal(missing.name, 'QueueDoesNotExist')
  assert.equal(missing.Code ?? missing.code ?? missing.Error?.Code, 'AWS.SimpleQueueService.NonExistentQueue')
  assert.equal(missing.$metadata.httpStatusCode, 400)
  const handle = await refused(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'garbage' }))
  assert.equal(handle.name, 'ReceiptHandleIsInvalid')
  const body = await refused(new SendMessageCommand({ QueueUrl: url, MessageBody: '\u0001' }))
  assert.equal(body.name, 'InvalidMessageContents')
  const empty = await refused(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))
  assert.equal(empty.name, 'EmptyBatchRequest')
  console.log('OK errors')
}

const url = await standard()
await batches(url)
const ordered = await fifo()
await waiting(url)
await errors(url)
for (const QueueUrl of [url, ordered]) {
  await client.send(new DeleteQueueCommand({ QueueUrl }))
}
client.destroy()
console.log('OK delete')
