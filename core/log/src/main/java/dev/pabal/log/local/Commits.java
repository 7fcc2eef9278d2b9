package dev.pabal.log.local;

/** What a log needs of its store to append. */
interface Commits {
    /** The epoch that batches appended now carry. */
    int epoch();

    /**
     * Refuses an append that cannot be taken now.
     *
     * @throws dev.pabal.log.LogException closed, failed, too large, or the disk is full
     */
    void checkAppend(int bytes);

    /** Hands over to the journal; false where the store is closed. */
    boolean enqueue(Pending pending);
}
