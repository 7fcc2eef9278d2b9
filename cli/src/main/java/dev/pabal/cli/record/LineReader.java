package dev.pabal.cli.record;

import dev.pabal.cli.client.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits a stream at line feeds without looking at its characters, so that any bytes pass as they are. Not thread-safe. */
public final class LineReader {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(256);
    private int position;
    private int limit;
    private long lines;

    /** @param maxLineBytes longest line taken, so that a file without line feeds does not fill the memory */
    public LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * The next line without its line feed; null at the end. What follows the last line feed is a line unless it is empty.
     *
     * @throws CommandFailure where a line is longer than allowed
     */
    public byte @Nullable [] next() throws IOException {
        while (true) {
            for (int i = position; i < limit; i++) {
                if (buffer[i] == '\n') {
                    byte[] line = taken(i);
                    position = i + 1;
                    return line;
                }
            }
            keep();
            limit = in.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                return begun.size() == 0 ? null : taken(0);
            }
        }
    }

    private byte[] taken(int end) {
        lines++;
        begun.write(buffer, position, end - position);
        byte[] line = begun.toByteArray();
        begun.reset();
        return line;
    }

    private void keep() {
        begun.write(buffer, position, limit - position);
        if (begun.size() > maxLineBytes) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "Line " + (lines + 1) + " is longer than " + maxLineBytes
                            + " bytes; allow more with --max-line-bytes.");
        }
    }
}
