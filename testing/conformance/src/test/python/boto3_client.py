"""Debian's boto3, which speaks the Query protocol: boto3_client.py <endpoint> <name>. Prints "OK <what>" for each thing that held."""
import sys
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, NAME = sys.argv[1:3]
SQS = boto3.client(
    "sqs",
    endpoint_url=ENDPOINT,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(retries={"max_attempts": 0}),
)


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(action, **arguments):
    try:
        action(**arguments)
    except ClientError as error:
        return error.response
    raise AssertionError("nothing was refused")


def standard():
    url = SQS.create_queue(QueueName=NAME, Attributes={"VisibilityTimeout": "20"}, tags={"k": "v"})["QueueUrl"]
    equal(SQS.get_queue_url(QueueName=NAME)["QueueUrl"], url)
    equal(SQS.list_queues(QueueNamePrefix=NAME)["QueueUrls"], [url])
    equal(SQS.list_queue_tags(QueueUrl=url)["Tags"], {"k": "v"})
    attributes = {
        "text": {"DataType": "String", "StringValue": "välue <&> \r\n"},
        "number": {"DataType": "Number.int", "StringValue": "7"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01\xff"},
    }
    body = 'quotes " & <tags> \r\n\t ünicode \U0001f680'
    sent = SQS.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    message = SQS.receive_message(
        QueueUrl=url, WaitTimeSeconds=5, AttributeNames=["All"], MessageAttributeNames=["All"]
    )["Messages"][0]
    equal(message["Body"], body)
    equal(message["MessageId"], sent["MessageId"])
    equal(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
    equal(message["MessageAttributes"], attributes)
    equal(message["Attributes"]["ApproximateReceiveCount"], "1")
    SQS.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    again = SQS.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]
    SQS.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    assert "Messages" not in SQS.receive_message(QueueUrl=url)
    print("OK standard")
    return url


def batches(url):
    entries = [{"Id": f"e{i}", "MessageBody": f"m{i}"} for i in range(9)] + [{"Id": "bad", "MessageBody": "\x01"}]
    sent = SQS.send_message_batch(QueueUrl=url, Entries=entries)
    equal(len(sent["Successful"]), 9)
    equal([(e["Id"], e["Code"], e["SenderFault"]) for e in sent["Failed"]], [("bad", "InvalidMessageContents", True)])
    messages = SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
    equal([m["Body"] for m in messages], [f"m{i}" for i in range(9)])
    deleted = SQS.delete_message_batch(
        QueueUrl=url,
        Entries=[{"Id": f"d{i}", "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)],
    )
    equal(len(deleted["Successful"]), 9)
    print("OK batches")


def fifo():
    url = SQS.create_queue(
        QueueName=NAME + ".fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )["QueueUrl"]
    for body in ["a", "b", "a", "c"]:
        assert SQS.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")["SequenceNumber"]
    messages = SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
    equal([m["Body"] for m in messages], ["a", "b", "c"])
    print("OK fifo")
    return url


def waiting(url):
    sender = threading.Timer(0.3, lambda: SQS.send_message(QueueUrl=url, MessageBody="wake up"))
    sender.start()
    message = SQS.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
    sender.join()
    equal(message["Body"], "wake up")
    print("OK waiting")


def errors(url):
    missing = refused(SQS.get_queue_url, QueueName=NAME + "-nowhere")
    equal(missing["Error"]["Code"], "AWS.SimpleQueueService.NonExistentQueue")
    equal(missing["Error"]["Type"], "Sender")
    equal(missing["Error"]["Message"], "The specified queue does not exist for this wsdl version.")
    equal(missing["ResponseMetadata"]["HTTPStatusCode"], 400)
    assert missing["ResponseMetadata"]["RequestId"]
    for code, action, arguments in [
        ("ReceiptHandleIsInvalid", SQS.delete_message, {"QueueUrl": url, "ReceiptHandle": "garbage"}),
        ("InvalidAttributeName", SQS.set_queue_attributes, {"QueueUrl": url, "Attributes": {"Nonsense": "1"}}),
        ("InvalidParameterValue", SQS.receive_message, {"QueueUrl": url, "MaxNumberOfMessages": 11}),
        ("QueueAlreadyExists", SQS.create_queue, {"QueueName": NAME, "Attributes": {"VisibilityTimeout": "21"}}),
        ("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", SQS.send_message_batch,
         {"QueueUrl": url, "Entries": [{"Id": str(i), "MessageBody": "x"} for i in range(11)]}),
    ]:
        equal(refused(action, **arguments)["Error"]["Code"], code)
    print("OK errors")


def queues(url, other):
    arn = SQS.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    dead = SQS.create_queue(QueueName=NAME + "-source", Attributes={
        "RedrivePolicy": '{"deadLetterTargetArn":"%s","maxReceiveCount":3}' % arn})["QueueUrl"]
    equal(SQS.list_dead_letter_source_queues(QueueUrl=url)["queueUrls"], [dead])
    SQS.add_permission(QueueUrl=url, Label="l", AWSAccountIds=["111111111111"], Actions=["SendMessage"])
    SQS.remove_permission(QueueUrl=url, Label="l")
    SQS.untag_queue(QueueUrl=url, TagKeys=["k"])
    assert "Tags" not in SQS.list_queue_tags(QueueUrl=url)
    SQS.purge_queue(QueueUrl=url)
    equal(refused(SQS.purge_queue, QueueUrl=url)["Error"]["Code"], "AWS.SimpleQueueService.PurgeQueueInProgress")
    for each in [url, other, dead]:
        SQS.delete_queue(QueueUrl=each)
    print("OK queues")


QUEUE = standard()
batches(QUEUE)
FIFO = fifo()
waiting(QUEUE)
errors(QUEUE)
queues(QUEUE, FIFO)
