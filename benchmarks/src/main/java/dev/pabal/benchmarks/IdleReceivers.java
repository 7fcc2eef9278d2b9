package dev.pabal.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * Many receivers that wait on queues to which nobody sends, each on a connection of its own, and ask again when they were told that there is
 * nothing: all on one thread, so that they take little of the machine from those who are measured.
 */
final class IdleReceivers implements AutoCloseable {
    private final Selector selector;
    private final Thread thread;
    private final CountDownLatch waiting;
    private volatile boolean ended;

    /** One connection: its request, and how much of the answer has come. */
    private static final class Receiver {
        private final ByteBuffer request;
        private final StringBuilder answer = new StringBuilder();
        private boolean counted;

        private Receiver(String host, String queueUrl, int waitSeconds) {
            String body = "{\"QueueUrl\":\"" + queueUrl + "\",\"WaitTimeSeconds\":" + waitSeconds + "}";
            request = ByteBuffer.wrap(("POST / HTTP/1.1\r\nHost: " + host
                            + "\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
        }
    }

    private IdleReceivers(Selector selector, int count) {
        this.selector = selector;
        this.waiting = new CountDownLatch(count);
        this.thread = new Thread(this::run, "idle-receivers");
        thread.setDaemon(true);
    }

    /** Opens so many; they ask for {@code waitSeconds} each time, and are spread evenly over the queues. */
    static IdleReceivers start(String endpoint, int count, List<String> queueUrls, int waitSeconds)
            throws IOException, InterruptedException {
        IdleReceivers all = new IdleReceivers(Selector.open(), count);
        String[] address = endpoint.split(":", 2);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Receiver receiver = new Receiver(endpoint, queueUrls.get(i % queueUrls.size()), waitSeconds);
            channel.register(all.selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, receiver);
        }
        all.thread.start();
        all.waiting.await();
        return all;
    }

    private void run() {
        ByteBuffer input = ByteBuffer.allocate(4096);
        try {
            while (!ended) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    attend(key, input);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            // The measurement is over.
        } catch (IOException e) {
            if (!ended) {
                throw new UncheckedIOException("a receiver that waits was cut off", e);
            }
        }
    }

    private void attend(SelectionKey key, ByteBuffer input) throws IOException {
        Receiver receiver = (Receiver) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isReadable()) {
            input.clear();
            if (channel.read(input) < 0) {
                throw new IOException("the broker closed a connection");
            }
            receiver.answer.append(StandardCharsets.ISO_8859_1.decode(input.flip()));
            if (isWhole(receiver.answer)) {
                receiver.answer.setLength(0);
                receiver.request.rewind();
            }
        }
        if (receiver.request.hasRemaining()) {
            channel.write(receiver.request);
        }
        boolean asked = !receiver.request.hasRemaining();
        key.interestOps(asked ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        if (asked && !receiver.counted) {
            receiver.counted = true;
            waiting.countDown();
        }
    }

    private static boolean isWhole(CharSequence answer) {
        String text = answer.toString();
        int bodyAt = text.indexOf("\r\n\r\n") + 4;
        if (bodyAt < 4) {
            return false;
        }
        if (!text.startsWith("HTTP/1.1 200")) {
            throw new IllegalStateException("a receiver was refused: " + text);
        }
        int lengthAt = text.toLowerCase(Locale.ROOT).indexOf("content-length:");
        int length = Integer.parseInt(
                text.substring(lengthAt + 15, text.indexOf('\r', lengthAt)).strip());
        return text.length() >= bodyAt + length;
    }

    @Override
    public void close() throws IOException {
        ended = true;
        selector.wakeup();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
