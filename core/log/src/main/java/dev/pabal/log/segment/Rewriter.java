package dev.pabal.log.segment;

import dev.pabal.log.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new sealed segment out of batches of others, beside everything else that goes on. Nothing refers to it before {@link #finish};
 * a crash before the next durable manifest leaves a file that recovery removes. Flusher only.
 */
final class Rewriter {
    private static final System.Logger LOG = System.getLogger(Rewriter.class.getName());

    private final SegmentIndex index;
    private final OpenFiles files;
    private final Sealer sealer;
    private final ExtentWriter writer = new ExtentWriter();

    private @Nullable SegmentFile file;
    private @Nullable LogIndex log;
    private ExtentList extents = new ExtentList(0);
    private long bytes;

    Rewriter(SegmentIndex index, OpenFiles files, Sealer sealer) {
        this.index = index;
        this.files = files;
        this.sealer = sealer;
    }

    boolean isOpen() {
        return file != null;
    }

    /** Bytes of batches since {@link #start}. */
    long bytes() {
        return bytes;
    }

    void start(@Nullable LogId owner, int level) throws IOException {
        SegmentFile fresh = index.create(owner, level);
        writer.start(fresh, files.acquireForWrite(fresh), 0);
        file = fresh;
        bytes = 0;
    }

    /** What follows is a stretch of this log. */
    void openPart(LogIndex of) {
        log = of;
        extents = new ExtentList(4);
    }

    void batch(ByteBuffer from, int at, int size) throws IOException {
        writer.batch(Objects.requireNonNull(log).id, from, at, size, extents);
        bytes += size;
    }

    /** Ends the stretch; null where it holds no batch. */
    @Nullable
    Part closePart() {
        LogIndex of = Objects.requireNonNull(log);
        writer.endExtent(of.id, extents);
        log = null;
        if (extents.size() == 0) {
            return null;
        }
        SegmentFile to = Objects.requireNonNull(file);
        Part part = new Part(of, to, extents.baseOffset(0));
        part.closed = true;
        part.extend(extents);
        to.extentCount += extents.size();
        to.contentBytes += part.totalBytes;
        to.liveBytes += part.totalBytes;
        index.attach(part);
        return part;
    }

    /** Writes the rest and the footer. The caller publishes the file or discards it. */
    SegmentFile finish() throws IOException {
        SegmentFile done = Objects.requireNonNull(file);
        index.grown(done, writer.finish());
        files.release(done);
        file = null;
        try {
            sealer.seal(done);
        } catch (IOException e) {
            discard(done);
            throw e;
        }
        return done;
    }

    /** The file counts from here on: its parts are to be put into their logs before anything else happens. */
    void publish(SegmentFile done) {
        index.register(done);
        for (Part part : List.copyOf(done.parts)) {
            if (index.log(part.log.id) != part.log) {
                index.kill(part);
            }
        }
    }

    /** Removes a finished file that was not published. */
    void discard(SegmentFile done) {
        index.unmake(done);
        try {
            files.remove(done);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} stays until the next start: {1}", done, e.getMessage());
        }
    }

    /** Drops what was written to the file that is open, if there is one. */
    void abort() {
        SegmentFile failed = file;
        file = null;
        if (failed != null) {
            try {
                files.release(failed);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", failed, e.getMessage());
            }
            discard(failed);
        }
    }
}
