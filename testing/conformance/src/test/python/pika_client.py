"""Drives a broker with pika: pika_client.py <amqp uri> <unique name>. Prints "OK <step>" after each step and exits 1 on a surprise."""

import sys

import pika
from pika.exceptions import ChannelClosedByBroker, NackError, UnroutableError

URI, NAME = sys.argv[1:3]


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


def publish_and_consume(channel):
    channel.queue_declare(NAME, durable=True)
    for i in range(100):
        properties = pika.BasicProperties(delivery_mode=2, message_id=str(i), headers={"i": i, "deep": {"list": [1, "two"]}})
        channel.basic_publish("", NAME, f"body {i}".encode(), properties)
    seen = []
    for method, properties, body in channel.consume(NAME, inactivity_timeout=60):
        check(method is not None, "a delivery within 60 s")
        check(properties.headers["i"] == len(seen) and properties.headers["deep"] == {"list": [1, "two"]}, "headers")
        seen.append(body)
        channel.basic_ack(method.delivery_tag)
        if len(seen) == 100:
            break
    check(seen == [f"body {i}".encode() for i in range(100)], "all in order")
    check(channel.cancel() == 0, "nothing was left over")
    print("OK consume")


def get_and_reject(channel):
    channel.basic_publish("", NAME, b"again")
    method, _, body = channel.basic_get(NAME)
    check(body == b"again" and not method.redelivered, "first get")
    channel.basic_nack(method.delivery_tag, requeue=True)
    method, _, body = channel.basic_get(NAME)
    check(body == b"again" and method.redelivered, "redelivered")
    channel.basic_ack(method.delivery_tag)
    check(channel.basic_get(NAME) == (None, None, None), "empty")
    print("OK get")


def confirms_and_returns(connection):
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_publish("", NAME, b"confirmed", mandatory=True)
    try:
        channel.basic_publish("", NAME + "-missing", b"returned", mandatory=True)
        check(False, "an unroutable message comes back")
    except UnroutableError as e:
        check(e.messages[0].method.reply_code == 312, "312")
    channel.queue_declare(NAME + "-full", exclusive=True, arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    channel.basic_publish("", NAME + "-full", b"fits")
    try:
        channel.basic_publish("", NAME + "-full", b"does not")
        check(False, "a full queue refuses")
    except NackError:
        pass
    channel.close()
    print("OK confirm")


def exclusive(connection):
    channel = connection.channel()
    name = channel.queue_declare("", exclusive=True).method.queue
    check(name.startswith("amq.gen-"), "a name of the broker's")
    other = pika.BlockingConnection(pika.URLParameters(URI))
    try:
        other.channel().queue_declare(name, passive=True)
        check(False, "an exclusive queue is locked")
    except ChannelClosedByBroker as e:
        check(e.reply_code == 405, "405")
    other.close()
    print("OK exclusive")


def topology_and_transactions(connection):
    channel = connection.channel()
    channel.exchange_declare(NAME, "topic", auto_delete=True)
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, NAME, "a.*.c")
    channel.tx_select()
    channel.basic_publish(NAME, "a.b.c", b"matches")
    channel.basic_publish(NAME, "a.b", b"does not")
    check(channel.basic_get(queue, auto_ack=True)[0] is None, "nothing before the commit")
    channel.tx_commit()
    check(channel.basic_get(queue, auto_ack=True)[2] == b"matches", "one after the commit")
    check(channel.basic_get(queue, auto_ack=True)[0] is None, "and no other")
    channel.close()
    print("OK topology")


def main():
    connection = pika.BlockingConnection(pika.URLParameters(URI + "?heartbeat=10"))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=7)
    publish_and_consume(channel)
    get_and_reject(channel)
    confirms_and_returns(connection)
    exclusive(connection)
    topology_and_transactions(connection)
    check(channel.queue_delete(NAME).method.message_count == 1, "the confirmed message")
    connection.close()
    print("OK close")


main()
