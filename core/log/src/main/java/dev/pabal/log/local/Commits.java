package dev.pabal.log.local;

/** What a log needs of its store to append. */
interface Commits {
    /** The epoch that batches appended now carry. */
    int epoch();

    /**
     * Refuses an append that cannot be taken now.
     *
     * @param fromReserve whether it may use what is kept in reserve for a full disk
     * @throws dev.pabal.log.LogException closed, failed, too large, or the disk is full
     */
    void checkAppend(int bytes, boolean fromReserve);

    /** Something of this log was released that may lie in segments. */
    void released(LocalLog log);

    /** Hands over to the journal; false where the store is closed. */
    boolean enqueue(Pending pending);
}
