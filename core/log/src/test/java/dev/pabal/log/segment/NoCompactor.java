package dev.pabal.log.segment;

import dev.pabal.log.BatchCompactor;
import java.nio.ByteBuffer;

/** For stores without compacted logs. */
final class NoCompactor implements BatchCompactor {
    @Override
    public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
        throw new AssertionError("no log is compacted here");
    }

    @Override
    public ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
        throw new AssertionError("no log is compacted here");
    }
}
