package dev.pabal.log.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.log.LogId;
import dev.pabal.log.journal.GroupFormat.Header;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GroupFormatTest {
    @Test
    void aHeaderIsReadAsItWasWritten() {
        ByteBuffer b = ByteBuffer.allocate(200);
        Header header = new Header(-5, 17, 1L << 40, (1L << 40) - 1, 4_000_000, 12, 0xCAFE);
        GroupFormat.putHeader(b, 8, header);
        assertThat(GroupFormat.header(b, 8)).isEqualTo(header);
        assertThat(GroupFormat.header(b, 9)).isNull();
    }

    @Test
    void aHeaderWithAnyBitFlippedIsNone() {
        ByteBuffer b = ByteBuffer.allocate(GroupFormat.HEADER_BYTES);
        GroupFormat.putHeader(b, 0, new Header(1, 2, 3, 2, 100, 1, 99));
        for (int bit = 0; bit < GroupFormat.HEADER_BYTES * 8; bit++) {
            b.put(bit / 8, (byte) (b.get(bit / 8) ^ (1 << (bit % 8))));
            assertThat(GroupFormat.header(b, 0)).as("bit %d", bit).isNull();
            b.put(bit / 8, (byte) (b.get(bit / 8) ^ (1 << (bit % 8))));
        }
        assertThat(GroupFormat.header(b, 0)).isNotNull();
        assertThat(GroupFormat.header(b.limit(GroupFormat.HEADER_BYTES - 1), 0)).isNull();
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        ByteBuffer b = ByteBuffer.allocate(GroupFormat.ENTRY_BYTES + 3);
        LogId log = new LogId(new UUID(-1, 42), 7);
        GroupFormat.putEntry(b, 3, log, GroupFormat.TRIM, 8);
        assertThat(GroupFormat.entryLog(b, 3)).isEqualTo(log);
        assertThat(GroupFormat.entryKind(b, 3)).isEqualTo(GroupFormat.TRIM);
        assertThat(GroupFormat.entryLength(b, 3)).isEqualTo(8);
    }

    @Test
    void groupsTakeWholeBlocks() {
        assertThat(GroupFormat.paddedBytes(1)).isEqualTo(4096);
        assertThat(GroupFormat.paddedBytes(4096)).isEqualTo(4096);
        assertThat(GroupFormat.paddedBytes(4097)).isEqualTo(8192);
    }
}
