package dev.pabal.logkit.simulation;

import dev.pabal.log.LogState;
import dev.pabal.log.LogStore;
import dev.pabal.log.seam.Clock;
import dev.pabal.log.seam.FileStore;

/** Starts a store on what a disk holds. */
@FunctionalInterface
interface StoreStarter {
    Running start(FileStore disk, Clock clock, LogState.Factory states) throws Exception;

    /** A store that moves only when it is told to. */
    interface Running {
        LogStore store();

        /** One step of everything that a store does by itself; false where nothing was to be done. */
        boolean work();
    }
}
