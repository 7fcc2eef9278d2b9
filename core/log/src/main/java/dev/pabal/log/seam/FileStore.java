package dev.pabal.log.seam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One flat directory of files: everything the local store asks of a disk, so that a simulated disk can stand in for a real one. Names hold
 * no separators. All methods may be called by any thread.
 */
public interface FileStore {
    /** Alignment in bytes of positions, lengths and addresses for {@link Mode#DIRECT} files. */
    int ALIGNMENT = 4096;

    /** How a file is used. */
    enum Mode {
        /** Through the page cache. */
        BUFFERED,
        /** Past the page cache, aligned; falls back to {@link #BUFFERED} where the file system refuses it. */
        DIRECT
    }

    /** Opens a file to read and write it, creating it empty if need be. */
    File open(String name, Mode mode) throws IOException;

    boolean exists(String name);

    /** Names of all files, in no order. */
    List<String> list() throws IOException;

    /** Removes a file; durable after {@link #syncDirectory}. */
    void delete(String name) throws IOException;

    /** Renames over whatever has the new name; durable after {@link #syncDirectory}. */
    void rename(String from, String to) throws IOException;

    /** Makes creations, renames and deletions durable. */
    void syncDirectory() throws IOException;

    /** Bytes that may still be written. */
    long usableBytes() throws IOException;

    /** An open file. Reads and writes are positional and may run side by side. */
    interface File extends AutoCloseable {
        /** Reads until the buffer is full or the file ends; returns the bytes read, 0 at or beyond the end. */
        int read(ByteBuffer to, long position) throws IOException;

        /** Writes all that remains of the buffer. */
        void write(ByteBuffer from, long position) throws IOException;

        /** Makes the content and the length durable ({@code fdatasync}). */
        void sync() throws IOException;

        long size() throws IOException;

        /** Cuts the file to {@code size} bytes. */
        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }
}
