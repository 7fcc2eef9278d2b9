package dev.pabal.log.local;

/** Work in small steps: driven by a thread of its own, or by a simulation together with everything else. */
interface Agent {
    /** Does what there is to do now; false where there was nothing. */
    boolean doWork();

    /** Whether {@link #doWork} would do something; cheap, for the moment before sleeping. */
    boolean hasWork();

    /** How long to sleep at most where there is nothing to do. */
    long idleNs();

    /**
     * How long to sleep before the next {@link #doWork} although there may be something to do, so that more of it comes together; not after one
     * that took less time than that: the next one costs as little.
     */
    default long gatherNs() {
        return 0;
    }
}
