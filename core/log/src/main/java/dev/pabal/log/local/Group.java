package dev.pabal.log.local;

import dev.pabal.log.journal.JournalPosition;
import java.util.List;

/**
 * A journal group as it lies in memory.
 *
 * @param slab where its batches lie
 * @param changes what it did, in the order of each log
 * @param after the place in the journal behind it
 * @param contentBytes bytes of batches
 * @param journalBytes bytes it takes in the journal
 */
record Group(Slab slab, List<Change> changes, JournalPosition after, long contentBytes, long journalBytes) {}
