package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** Reads and prints until the count is reached, the end is reached, nothing comes for too long, or Ctrl-C. One thread, save for the wake-up. */
final class ConsumeLoop {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long STOP_WAIT_MS = 5_000;

    private final Consumer<byte[], byte[]> consumer;
    private final RecordFormat format;
    private final OutputStream out;
    private final long count;
    private final boolean follow;
    private final long idleTimeoutMs;
    private final Progress progress = new Progress();
    /** Where each partition ended when it was assigned; reading what is there now ends there. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private final Map<TopicPartition, OffsetAndMetadata> printedUpTo = new HashMap<>();
    private boolean inGroup;
    private boolean complete = true;
    private long printed;

    /**
     * @param count ends after so many records
     * @param idleTimeoutMs ends when nothing came for so long
     */
    ConsumeLoop(
            Consumer<byte[], byte[]> consumer,
            RecordFormat format,
            OutputStream out,
            long count,
            boolean follow,
            long idleTimeoutMs) {
        this.consumer = consumer;
        this.format = format;
        this.out = out;
        this.count = count;
        this.follow = follow;
        this.idleTimeoutMs = idleTimeoutMs;
    }

    /**
     * Chooses what is read.
     *
     * @throws CommandFailure where the topic or the partition does not exist
     */
    void assign(String topic, @Nullable Integer partition, boolean asGroup, StartPosition start) {
        List<PartitionInfo> existing = consumer.partitionsFor(topic);
        if (existing == null || existing.isEmpty()) {
            throw new CommandFailure(
                    CommandFailure.FAILED, "Topic " + topic + " does not exist; 'pabal topic list' shows the topics.");
        }
        if (partition != null && existing.stream().noneMatch(info -> info.partition() == partition)) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "Topic " + topic + " has partitions 0 to " + (existing.size() - 1) + ", no " + partition + ".");
        }
        inGroup = asGroup;
        if (asGroup) {
            consumer.subscribe(List.of(topic), new Positioning(start));
        } else {
            List<TopicPartition> chosen = existing.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .filter(candidate -> partition == null || candidate.partition() == partition)
                    .toList();
            consumer.assign(chosen);
            position(chosen, start);
        }
    }

    /** Whether reading ended as asked and not because nothing came for too long. */
    boolean complete() {
        return complete;
    }

    /** Reads and prints; returns the number of records printed. */
    long run() throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> wake(done), "pabal-consume-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            readUntilDone();
        } catch (WakeupException e) {
            // Ctrl-C: what was printed is committed below
        } finally {
            progress.clear();
            out.flush();
            commit();
            done.countDown();
            forget(hook);
        }
        return printed;
    }

    private void readUntilDone() throws IOException {
        long lastRecordNs = System.nanoTime();
        while (printed < count) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (printed >= count || beyondEnd(record)) {
                    continue;
                }
                format.write(record, out);
                printed++;
                printedUpTo.put(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
            progress.tick(() -> String.format(Locale.ROOT, "%,d records", printed));
            if (!records.isEmpty()) {
                lastRecordNs = System.nanoTime();
                if (follow) {
                    out.flush();
                    commit();
                }
            }
            if (!follow && atEnds()) {
                return;
            }
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastRecordNs) >= idleTimeoutMs) {
                complete = follow;
                return;
            }
        }
    }

    private boolean beyondEnd(ConsumerRecord<byte[], byte[]> record) {
        Long end = follow ? null : ends.get(new TopicPartition(record.topic(), record.partition()));
        return end != null && record.offset() >= end;
    }

    private boolean atEnds() {
        if (ends.isEmpty()) {
            return false;
        }
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey()) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    private void position(Collection<TopicPartition> partitions, StartPosition start) {
        if (partitions.isEmpty()) {
            return;
        }
        ends.putAll(consumer.endOffsets(partitions));
        switch (start.kind()) {
            case BEGINNING -> consumer.seekToBeginning(partitions);
            case END -> consumer.seekToEnd(partitions);
            case OFFSET -> partitions.forEach(partition -> consumer.seek(partition, start.value()));
            case TIME -> seekToTime(partitions, start.value());
            case COMMITTED -> {}
        }
    }

    private void seekToTime(Collection<TopicPartition> partitions, long timestampMs) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, timestampMs));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            if (first == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, first.offset());
            }
        }
    }

    private void commit() {
        if (inGroup && !printedUpTo.isEmpty()) {
            consumer.commitSync(printedUpTo);
            printedUpTo.clear();
        }
    }

    private void wake(CountDownLatch done) {
        consumer.wakeup();
        try {
            if (!done.await(STOP_WAIT_MS, TimeUnit.MILLISECONDS)) {
                System.err.println("pabal: The last records printed may not be committed; they will come again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is already on its way out: the hook runs, and waits for this thread
        }
    }

    /** Seeks when the group deals partitions out for the first time, and notes where they end. */
    private final class Positioning implements ConsumerRebalanceListener {
        private final StartPosition start;
        private final Set<TopicPartition> positioned = new HashSet<>();

        Positioning(StartPosition start) {
            this.start = start;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
            partitions.forEach(ends::remove);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            List<TopicPartition> seenBefore =
                    partitions.stream().filter(positioned::contains).toList();
            List<TopicPartition> fresh =
                    partitions.stream().filter(positioned::add).toList();
            position(fresh, start);
            position(seenBefore, StartPosition.COMMITTED);
        }
    }
}
