package dev.pabal.log.journal;

/**
 * A place in the journal: where the group with a sequence number lies or will lie.
 *
 * @param file number of the journal file, its generation
 * @param offset bytes from the start of the file, aligned
 * @param sequence number of the group that starts there
 */
public record JournalPosition(long file, long offset, long sequence) {}
