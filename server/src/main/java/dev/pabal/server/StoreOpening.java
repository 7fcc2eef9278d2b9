package dev.pabal.server;

import dev.pabal.broker.BrokerRuntime;
import dev.pabal.log.LogException;
import dev.pabal.log.LogStore;
import dev.pabal.log.local.LocalLogStore;
import dev.pabal.log.local.LocalOptions;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.DirectoryInUseException;
import dev.pabal.message.KafkaBatchCompactor;
import dev.pabal.server.config.PabalConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Opens the store in the data directory, and says in one sentence why that cannot be. */
final class StoreOpening {
    private StoreOpening() {}

    /** @throws StartException where the directory is in use, not writable, corrupt or of a newer version; nothing in it was changed */
    static LogStore open(PabalConfig config) {
        Path directory = config.dataDirectory();
        try {
            return LocalLogStore.open(
                    directory, Clock.SYSTEM, BrokerRuntime.states(), new KafkaBatchCompactor(), LocalOptions.DEFAULT);
        } catch (DirectoryInUseException | LogException e) {
            throw cannot(e.getMessage(), e);
        } catch (AccessDeniedException e) {
            throw cannot(
                    "The data directory " + directory + " cannot be written by this user (" + e.getFile()
                            + "): give it the rights or choose another directory with --data.",
                    e);
        } catch (FileAlreadyExistsException e) {
            throw cannot("The data directory " + directory + " is a file: choose another directory with --data.", e);
        } catch (IOException e) {
            throw cannot(
                    "The store in " + directory + " cannot be opened (" + e
                            + "): check the disk, or choose another directory with --data.",
                    e);
        }
    }

    private static StartException cannot(String message, Exception cause) {
        return new StartException(StartException.CANNOT_START, message, cause);
    }
}
