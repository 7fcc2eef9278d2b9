package dev.pabal.logkit.local;

import dev.pabal.log.BatchCompactor;
import java.nio.ByteBuffer;

/** For stores whose logs are never compacted. */
final class NoCompaction implements BatchCompactor {
    @Override
    public void forEachKey(ByteBuffer batch, int at, KeyVisitor visitor) {
        throw new UnsupportedOperationException("no log is compacted here");
    }

    @Override
    public ByteBuffer retain(ByteBuffer batch, int at, long deleteHorizonMs, RecordFilter filter) {
        throw new UnsupportedOperationException("no log is compacted here");
    }
}
