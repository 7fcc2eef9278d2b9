package dev.pabal.logkit.local;

import dev.pabal.log.seam.FileStore;
import dev.pabal.logkit.PassingFileStore;
import java.io.IOException;

/** Another file store on which syncs of the journal can be made to wait. */
final class HeldFileStore extends PassingFileStore {
    private boolean held;

    HeldFileStore(FileStore files) {
        super(files);
    }

    synchronized void hold(boolean hold) {
        held = hold;
        notifyAll();
    }

    private synchronized void pass() throws IOException {
        while (held) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    protected File wrap(String name, File file) {
        return name.startsWith("journal-") ? new HeldFile(file) : file;
    }

    private final class HeldFile extends PassingFile {
        HeldFile(File file) {
            super(file);
        }

        @Override
        public void sync() throws IOException {
            pass();
            super.sync();
        }
    }
}
