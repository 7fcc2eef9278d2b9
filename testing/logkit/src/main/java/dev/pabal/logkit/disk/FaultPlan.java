package dev.pabal.logkit.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The failures that a disk has been told to have. Not safe for threads: the disk's lock guards it. */
final class FaultPlan {
    private static final class Fault {
        private final DiskOperation operation;
        private final Predicate<String> files;
        private final boolean lasting;
        private long after;

        Fault(DiskOperation operation, Predicate<String> files, long after, boolean lasting) {
            this.operation = operation;
            this.files = files;
            this.after = after;
            this.lasting = lasting;
        }
    }

    private final List<Fault> faults = new ArrayList<>();
    private long crashAfter = -1;

    void add(DiskOperation operation, Predicate<String> files, long nth, boolean lasting) {
        if (nth < 1) {
            throw new IllegalArgumentException("operations are counted from 1, not " + nth);
        }
        faults.add(new Fault(operation, files, nth, lasting));
    }

    void crashAt(long nth) {
        crashAfter = nth;
    }

    void clear() {
        faults.clear();
        crashAfter = -1;
    }

    /** Whether the disk stops at this operation. */
    boolean crashes(DiskOperation operation) {
        return operation.changesDisk() && crashAfter > 0 && --crashAfter == 0;
    }

    /** The failure that this operation meets, or null. */
    @Nullable
    IOException failure(DiskOperation operation, String file) {
        for (Iterator<Fault> i = faults.iterator(); i.hasNext(); ) {
            Fault fault = i.next();
            if (fault.operation == operation && fault.files.test(file) && --fault.after <= 0) {
                if (!fault.lasting) {
                    i.remove();
                }
                return new IOException("Input/output error (planted): " + operation + " " + file);
            }
        }
        return null;
    }
}
